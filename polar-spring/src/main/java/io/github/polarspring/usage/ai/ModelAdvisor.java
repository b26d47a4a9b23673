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

package io.github.polarspring.usage.ai;

import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;

/**
 * Records each call of the model. Advisors that call it several times, such as those for
 * tools and for the validation of structured output, are further away from the model.
 */
final class ModelAdvisor implements CallAdvisor, StreamAdvisor {

	private static final String MEASURED = ModelAdvisor.class.getName();

	private final Payers payers;

	private final RoundRecorder recorder;

	private final @Nullable String vendor;

	ModelAdvisor(Payers payers, RoundRecorder recorder, @Nullable String vendor) {
		this.payers = payers;
		this.recorder = recorder;
		this.vendor = vendor;
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		if (isMeasured(request)) {
			return chain.nextCall(request);
		}
		PolarIdentity payer = this.payers.require(request);
		ModelRound round = round(request);
		ChatClientResponse response = chain.nextCall(Payers.with(request, MEASURED, true));
		round.add(response.chatResponse());
		this.recorder.record(payer, round);
		return Payers.without(response, MEASURED);
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		if (isMeasured(request)) {
			return chain.nextStream(request);
		}
		PolarIdentity payer = this.payers.require(request);
		ChatClientRequest measured = Payers.with(request, MEASURED, true);
		return Flux.usingWhen(Mono.fromSupplier(() -> round(request)),
				(round) -> chain.nextStream(measured).map((response) -> {
					round.add(response.chatResponse());
					return Payers.without(response, MEASURED);
				}), (round) -> this.recorder.recordCompleted(payer, round),
				(round, ex) -> this.recorder.recordIncomplete(payer, round),
				(round) -> this.recorder.recordIncomplete(payer, round));
	}

	private static boolean isMeasured(ChatClientRequest request) {
		return request.context().containsKey(MEASURED);
	}

	private ModelRound round(ChatClientRequest request) {
		return new ModelRound(request.prompt().getOptions(), this.vendor);
	}

	@Override
	public String getName() {
		return "Polar Usage Advisor";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 1;
	}

}
