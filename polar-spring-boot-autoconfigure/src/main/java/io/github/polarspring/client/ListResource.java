package io.github.polarspring.client;

import java.util.List;

import org.springframework.util.Assert;

/**
 * A page as Polar writes it.
 */
record ListResource<T>(List<T> items, Pagination pagination) {

	ListResource {
		Assert.notNull(items, "items must not be null");
		Assert.notNull(pagination, "pagination must not be null");
	}

	PolarPage<T> toPage() {
		return new PolarPage<>(this.items, this.pagination.totalCount(), this.pagination.maxPage());
	}

	record Pagination(long totalCount, int maxPage) {

	}

}
