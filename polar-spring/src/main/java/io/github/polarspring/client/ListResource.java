/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.client;

import java.util.List;

import org.springframework.util.Assert;

/**
 * Page of a list, as Polar writes it.
 */
record ListResource<T>(List<T> items, Pagination pagination) {

	ListResource {
		Assert.notNull(items, "items must not be null");
		Assert.noNullElements(items, "items must not contain null");
		Assert.notNull(pagination, "pagination must not be null");
	}

	PolarPage<T> toPage() {
		return new PolarPage<>(this.items, this.pagination.totalCount(), this.pagination.maxPage());
	}

	record Pagination(Long totalCount, Integer maxPage) {

		Pagination {
			Assert.notNull(totalCount, "total_count must not be null");
			Assert.notNull(maxPage, "max_page must not be null");
		}

	}

}
