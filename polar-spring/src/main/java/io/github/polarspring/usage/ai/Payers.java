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

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.util.Assert;

/**
 * Determines who pays for a request, once per request.
 */
final class Payers {

	private static final String PAYER = Payers.class.getName();

	private final Supplier<CurrentPayer> currentPayer;

	Payers(Supplier<CurrentPayer> currentPayer) {
		this.currentPayer = currentPayer;
	}

	/**
	 * Return the request with its payer, for threads on which the user is not known.
	 */
	ChatClientRequest capture(ChatClientRequest request) {
		return with(request, PAYER, require(request));
	}

	PolarIdentity require(ChatClientRequest request) {
		Map<String, @Nullable Object> context = request.context();
		if (context.get(PAYER) instanceof PolarIdentity captured) {
			return captured;
		}
		Object customer = context.get(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID);
		Object member = context.get(PolarUsageAdvisors.EXTERNAL_MEMBER_ID);
		if (customer == null) {
			Assert.isTrue(member == null, "EXTERNAL_MEMBER_ID requires EXTERNAL_CUSTOMER_ID");
			return this.currentPayer.get().requireIdentity();
		}
		PolarIdentity identity = PolarIdentity.of(customer.toString());
		return (member != null) ? identity.withMemberId(member.toString()) : identity;
	}

	/**
	 * Return the response without the payer, which Spring AI copies from the request.
	 */
	static ChatClientResponse withoutPayer(ChatClientResponse response) {
		return without(response, PAYER);
	}

	static ChatClientResponse without(ChatClientResponse response, String key) {
		if (!response.context().containsKey(key)) {
			return response;
		}
		Map<String, Object> context = new HashMap<>(response.context());
		context.remove(key);
		return new ChatClientResponse(response.chatResponse(), context);
	}

	static ChatClientRequest with(ChatClientRequest request, String key, Object value) {
		return request.mutate().context(key, value).build();
	}

}
