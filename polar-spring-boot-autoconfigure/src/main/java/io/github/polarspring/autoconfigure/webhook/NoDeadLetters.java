package io.github.polarspring.autoconfigure.webhook;

import java.util.List;
import java.util.Optional;

import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEvent;

/**
 * Those of an inbox that gives nothing up, as Polar keeps what it could not deliver.
 */
final class NoDeadLetters implements PolarDeadLetters {

	@Override
	public List<DeadLetter> list(int limit) {
		return List.of();
	}

	@Override
	public Optional<DeadLetter> find(String id) {
		return Optional.empty();
	}

	@Override
	public Optional<PolarEvent<?>> read(String id) {
		return Optional.empty();
	}

	@Override
	public boolean requeue(String id) {
		return false;
	}

	@Override
	public int requeueAll() {
		return 0;
	}

}
