package io.github.polarspring.client;

import java.util.List;

import org.springframework.util.Assert;

/**
 * A page as Polar writes it.
 */
record ListResource<T>(List<T> items, Pagination pagination) {

	ListResource {
		Assert.notNull(items, "items must not be null");
		Assert.noNullElements(items, "items must not hold null");
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
