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

package io.github.polarspring.test;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Faults that have been injected for future calls.
 */
final class FakeFaults {

	private final List<Pending> pending = new ArrayList<>();

	synchronized void add(PolarFault fault, int calls, @Nullable String path) {
		this.pending.add(new Pending(fault, calls, path));
	}

	synchronized @Nullable PolarFault take(String path) {
		for (int i = 0; i < this.pending.size(); i++) {
			Pending next = this.pending.get(i);
			if (next.path() == null || path.startsWith(next.path())) {
				if (next.calls() == 1) {
					this.pending.remove(i);
				}
				else {
					this.pending.set(i, new Pending(next.fault(), next.calls() - 1, next.path()));
				}
				return next.fault();
			}
		}
		return null;
	}

	/**
	 * Return the faults that have not happened yet, in plain text.
	 */
	synchronized List<String> descriptions() {
		return this.pending.stream()
			.map((next) -> "%s (calls: %d, path: %s)".formatted(next.fault(), next.calls(),
					(next.path() != null) ? next.path() : "any"))
			.toList();
	}

	synchronized void clear() {
		this.pending.clear();
	}

	private record Pending(PolarFault fault, int calls, @Nullable String path) {

	}

}
