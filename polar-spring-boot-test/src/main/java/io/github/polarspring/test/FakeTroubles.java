package io.github.polarspring.test;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The trouble that is still to come.
 */
final class FakeTroubles {

	private final List<Pending> pending = new ArrayList<>();

	synchronized void add(Trouble trouble, int calls, @Nullable String path) {
		this.pending.add(new Pending(trouble, calls, path));
	}

	synchronized @Nullable Trouble take(String path) {
		for (int i = 0; i < this.pending.size(); i++) {
			Pending next = this.pending.get(i);
			if (next.path() == null || path.startsWith(next.path())) {
				if (next.calls() == 1) {
					this.pending.remove(i);
				}
				else {
					this.pending.set(i, new Pending(next.trouble(), next.calls() - 1, next.path()));
				}
				return next.trouble();
			}
		}
		return null;
	}

	synchronized void clear() {
		this.pending.clear();
	}

	private record Pending(Trouble trouble, int calls, @Nullable String path) {

	}

}
