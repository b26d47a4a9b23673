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

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Page of a list.
 *
 * @param items items on the page, in order
 * @param totalCount total number of items on all pages
 * @param maxPage number of the last page, 0 if there are no items
 * @param <T> the type of the items
 * @since 0.1.0
 */
public record PolarPage<T>(List<T> items, long totalCount, int maxPage) {

	/**
	 * Create a page.
	 */
	public PolarPage {
		items = List.copyOf(items);
	}

	/**
	 * Stream the items of all pages. Each page is requested after the items of the
	 * preceding page were consumed. A short-circuiting operation therefore ends early,
	 * and consuming the stream throws the exceptions of the requests. If the list changes
	 * meanwhile, items can be duplicated or missing.
	 * @param firstPage number of the page to start with, from 1
	 * @param pages requests a page by its number
	 * @param <T> the type of the items
	 * @return a sequential stream, which need not be closed
	 */
	public static <T> Stream<T> stream(int firstPage, IntFunction<PolarPage<T>> pages) {
		return StreamSupport.stream(new Pages<>(firstPage, pages), false);
	}

	private static final class Pages<T> extends Spliterators.AbstractSpliterator<T> {

		private final IntFunction<PolarPage<T>> pages;

		private int next;

		private boolean end;

		private Iterator<T> items = Collections.emptyIterator();

		Pages(int firstPage, IntFunction<PolarPage<T>> pages) {
			super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
			this.next = firstPage;
			this.pages = pages;
		}

		@Override
		public boolean tryAdvance(Consumer<? super T> action) {
			if (!this.items.hasNext() && !this.end) {
				PolarPage<T> page = this.pages.apply(this.next);
				this.items = page.items().iterator();
				this.end = !this.items.hasNext() || this.next >= page.maxPage();
				this.next++;
			}
			if (!this.items.hasNext()) {
				return false;
			}
			action.accept(this.items.next());
			return true;
		}

	}

}
