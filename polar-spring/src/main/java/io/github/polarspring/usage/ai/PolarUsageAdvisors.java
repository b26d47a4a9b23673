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

import java.util.List;
import java.util.function.Supplier;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.UsageEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.Assert;

/**
 * Records the tokens that a {@link ChatClient} of Spring AI uses: one event per call of
 * the model, including those after tool calls. Prompts and responses are not recorded.
 *
 * <pre class="code">
 * chatClient.prompt("…").advisors((advisors) -&gt; advisors.param(PolarUsageAdvisors.EXTERNAL_CUSTOMER_ID, "team-1"))
 * </pre>
 *
 * Without the parameter, the payer is the user of the current request, on the thread that
 * calls the model or subscribes to the stream. If the payer is not known, the model is
 * not called. If an event cannot be recorded afterwards, this is logged as an error, and
 * the application still gets the response. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarUsageAdvisors implements ChatClientBuilderCustomizer {

	/**
	 * Parameter with the application's id of the customer who pays.
	 */
	public static final String EXTERNAL_CUSTOMER_ID = "polar.external_customer_id";

	/**
	 * Parameter with the application's id of the member of a team who causes the usage.
	 * Requires {@link #EXTERNAL_CUSTOMER_ID}.
	 */
	public static final String EXTERNAL_MEMBER_ID = "polar.external_member_id";

	private final List<Advisor> advisors;

	private final RoundRecorder recorder;

	private PolarUsageAdvisors(Builder builder) {
		Payers payers = new Payers(builder.currentPayer);
		this.recorder = new RoundRecorder(builder.usage, builder.event, builder.prices, builder.transactions);
		this.advisors = List.of(new PayerAdvisor(payers), new ModelAdvisor(payers, this.recorder, builder.vendor));
	}

	/**
	 * Return a builder.
	 * @param usage records the events
	 * @return a new builder
	 */
	public static Builder builder(PolarUsage usage) {
		return new Builder(usage);
	}

	/**
	 * Add the advisors to a client.
	 * @param builder builder of the client
	 */
	@Override
	public void customize(ChatClient.Builder builder) {
		builder.defaultAdvisors(this.advisors);
	}

	/**
	 * Return the advisors, all of which a client needs: the first determines the payer,
	 * and the last is next to the model. Events are recorded once, even if a client has
	 * them twice.
	 * @return the advisors, immutable
	 */
	public List<Advisor> advisors() {
		return this.advisors;
	}

	/**
	 * Return the number of events that could not be recorded.
	 * @return the number since this object was created
	 */
	public long lost() {
		return this.recorder.lost();
	}

	/**
	 * Builder for {@link PolarUsageAdvisors}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final PolarUsage usage;

		private Supplier<CurrentPayer> currentPayer = CurrentPayer::unknown;

		private String event = "llm";

		private @Nullable String vendor;

		private LlmPrices prices = (usage) -> null;

		private @Nullable TransactionOperations transactions;

		private Builder(PolarUsage usage) {
			Assert.notNull(usage, "usage must not be null");
			this.usage = usage;
		}

		/**
		 * Set who the caller of the current request is, not known by default.
		 * @param currentPayer supplies the strategy
		 * @return this builder
		 */
		public Builder currentPayer(Supplier<CurrentPayer> currentPayer) {
			this.currentPayer = currentPayer;
			return this;
		}

		/**
		 * Set the name of the events, {@code llm} by default.
		 * @param event the name, 1 to 128 characters
		 * @return this builder
		 * @throws IllegalArgumentException if the name is blank or too long
		 */
		public Builder event(String event) {
			UsageEvent.builder(event);
			this.event = event;
			return this;
		}

		/**
		 * Set the vendor of the model. By default, it is derived from the type of the
		 * model's options: {@code openai} for {@code OpenAiChatOptions}.
		 * @param vendor the vendor
		 * @return this builder
		 * @throws IllegalArgumentException if the vendor is blank
		 */
		public Builder vendor(String vendor) {
			Assert.hasText(vendor, "vendor must not be blank");
			this.vendor = vendor;
			return this;
		}

		/**
		 * Set what calls cost, not known by default.
		 * @param prices determines the cost
		 * @return this builder
		 */
		public Builder prices(LlmPrices prices) {
			this.prices = prices;
			return this;
		}

		/**
		 * Set how to begin the transaction of an event, if events are stored in a
		 * database. It must be a new transaction: tokens are spent, even if the
		 * application rolls its own back. The database is then never used on the thread
		 * of an event loop.
		 * @param transactions begins new transactions
		 * @return this builder
		 */
		public Builder transactions(TransactionOperations transactions) {
			this.transactions = transactions;
			return this;
		}

		/**
		 * Build the advisors.
		 * @return new advisors
		 */
		public PolarUsageAdvisors build() {
			return new PolarUsageAdvisors(this);
		}

	}

}
