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

package io.github.polarspring.usage;

import java.util.function.Consumer;

/**
 * {@link PolarUsage} without quotas.
 *
 * @param consumer what to do with an event
 */
public record RecordingUsage(Consumer<UsageEvent> consumer) implements PolarUsage {

	@Override
	public void record(UsageEvent event) {
		this.consumer.accept(event);
	}

	@Override
	public MeterBalance balance(String meter) {
		throw new UnsupportedOperationException();
	}

	@Override
	public MeterBalance balance(String meter, String externalCustomerId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean tryRecord(UsageEvent event) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void consume(UsageEvent event) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean tryConsume(String meter, long units) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void consume(String meter, long units) {
		throw new UnsupportedOperationException();
	}

}
