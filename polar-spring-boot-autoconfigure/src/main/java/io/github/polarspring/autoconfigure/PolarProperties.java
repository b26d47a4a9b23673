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

package io.github.polarspring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.identity.IdentityStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for Polar.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("polar")
public class PolarProperties implements InitializingBean {

	/**
	 * Organization access token for calls to Polar.
	 */
	private @Nullable String accessToken;

	/**
	 * Polar environment to call.
	 */
	private PolarEnvironment environment = PolarEnvironment.PRODUCTION;

	/**
	 * Base URL of the Polar API. Overrides the URL of the environment. Must use https, or
	 * http with a loopback address.
	 */
	private @Nullable URI baseUrl;

	/**
	 * Version of the Polar API to request, as year and month.
	 */
	private String apiVersion = "2026-10";

	/**
	 * Product IDs by the names that the application uses for them.
	 */
	private final Map<String, UUID> products = new LinkedHashMap<>();

	/**
	 * ID of the organization whose events are accepted. Differs between sandbox and
	 * production. By default, events of any organization are accepted.
	 */
	private @Nullable UUID organizationId;

	private final Http http = new Http();

	private final Checkout checkout = new Checkout();

	private final Identity identity = new Identity();

	private final ClientIp clientIp = new ClientIp();

	private final Webhook webhook = new Webhook();

	public @Nullable String getAccessToken() {
		return this.accessToken;
	}

	public void setAccessToken(@Nullable String accessToken) {
		this.accessToken = accessToken;
	}

	public PolarEnvironment getEnvironment() {
		return this.environment;
	}

	public void setEnvironment(PolarEnvironment environment) {
		this.environment = environment;
	}

	public @Nullable URI getBaseUrl() {
		return this.baseUrl;
	}

	public void setBaseUrl(@Nullable URI baseUrl) {
		this.baseUrl = baseUrl;
	}

	public String getApiVersion() {
		return this.apiVersion;
	}

	public void setApiVersion(String apiVersion) {
		this.apiVersion = apiVersion;
	}

	public Map<String, UUID> getProducts() {
		return this.products;
	}

	public @Nullable UUID getOrganizationId() {
		return this.organizationId;
	}

	public void setOrganizationId(@Nullable UUID organizationId) {
		this.organizationId = organizationId;
	}

	public Http getHttp() {
		return this.http;
	}

	public Checkout getCheckout() {
		return this.checkout;
	}

	public Identity getIdentity() {
		return this.identity;
	}

	public ClientIp getClientIp() {
		return this.clientIp;
	}

	public Webhook getWebhook() {
		return this.webhook;
	}

	@Override
	public void afterPropertiesSet() {
		require(this.apiVersion.matches("\\d{4}-\\d{2}"), "polar.api-version", this.apiVersion,
				"It must have the form YYYY-MM, such as 2026-10.");
		checkHttp();
		requireFitting("claim", this.identity.claim, this.identity.strategy == IdentityStrategy.CLAIM);
		requireFitting("property", this.identity.property, this.identity.strategy == IdentityStrategy.PROPERTY);
		require(isPositive(this.webhook.tolerance) && this.webhook.tolerance.compareTo(Duration.ofHours(1)) <= 0,
				"polar.webhook.tolerance", this.webhook.tolerance,
				"It must be positive and at most 1h, to protect against replayed webhooks: Polar's own"
						+ " libraries allow 5m.");
		require(this.webhook.maxBodySize.toBytes() >= 1 && this.webhook.maxBodySize.toMegabytes() <= 1024,
				"polar.webhook.max-body-size", this.webhook.maxBodySize,
				"It must be greater than 0 and at most 1GB: the default is 4MB.");
		require(this.webhook.path.matches("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+")
				&& !this.webhook.path.equals("/error"), "polar.webhook.path", this.webhook.path,
				"It must be a path such as /webhooks/polar, without variables, wildcards or a trailing slash.");
	}

	private void checkHttp() {
		Http.Retry retry = this.http.retry;
		requirePositive("polar.http.connect-timeout", this.http.connectTimeout);
		requirePositive("polar.http.read-timeout", this.http.readTimeout);
		requirePositive("polar.http.total-timeout", this.http.totalTimeout);
		require(this.http.maxConcurrentCalls >= 1, "polar.http.max-concurrent-calls", this.http.maxConcurrentCalls,
				"It must be at least 1: the default is 64.");
		require(retry.maxAttempts >= 1, "polar.http.retry.max-attempts", retry.maxAttempts,
				"It must be at least 1, which disables retries: the default is 3.");
		require(retry.initialDelay.toMillis() >= 1, "polar.http.retry.initial-delay", retry.initialDelay,
				"It must be at least 1ms: the default is 200ms.");
		require(retry.maxDelay.compareTo(retry.initialDelay) >= 0, "polar.http.retry.max-delay", retry.maxDelay,
				"It must not be less than polar.http.retry.initial-delay, which is %d ms."
					.formatted(retry.initialDelay.toMillis()));
	}

	private static void requireFitting(String name, @Nullable String value, boolean used) {
		require(!used || StringUtils.hasText(value), "polar.identity." + name, value,
				"The strategy '%1$s' requires it. Set 'polar.identity.%1$s' to the name of the %1$s.".formatted(name));
		require(used || !StringUtils.hasText(value), "polar.identity." + name, value,
				"It has no effect with another strategy. Set 'polar.identity.strategy: %s' or remove it."
					.formatted(name));
	}

	private static void requirePositive(String property, Duration timeout) {
		require(isPositive(timeout), property, timeout,
				"It must be positive, because every call to Polar must be limited in time.");
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void require(boolean valid, String property, @Nullable Object value, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(property, value, reason);
		}
	}

	/**
	 * Properties for calls to Polar.
	 */
	public static class Http {

		/**
		 * Maximum time to wait for a connection to Polar.
		 */
		private Duration connectTimeout = Duration.ofSeconds(2);

		/**
		 * Maximum time to wait for a response from Polar, for each attempt. Limited by
		 * the total timeout.
		 */
		private Duration readTimeout = Duration.ofSeconds(6);

		/**
		 * Maximum duration of a call, including retries. A response that is still being
		 * read at that time is abandoned.
		 */
		private Duration totalTimeout = Duration.ofSeconds(15);

		/**
		 * Maximum number of concurrent calls. Further calls fail immediately, so that the
		 * application does not run out of threads while Polar hangs.
		 */
		private int maxConcurrentCalls = 64;

		private final Retry retry = new Retry();

		public Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public Duration getReadTimeout() {
			return this.readTimeout;
		}

		Duration effectiveReadTimeout() {
			return (this.readTimeout.compareTo(this.totalTimeout) < 0) ? this.readTimeout : this.totalTimeout;
		}

		public void setReadTimeout(Duration readTimeout) {
			this.readTimeout = readTimeout;
		}

		public Duration getTotalTimeout() {
			return this.totalTimeout;
		}

		public void setTotalTimeout(Duration totalTimeout) {
			this.totalTimeout = totalTimeout;
		}

		public int getMaxConcurrentCalls() {
			return this.maxConcurrentCalls;
		}

		public void setMaxConcurrentCalls(int maxConcurrentCalls) {
			this.maxConcurrentCalls = maxConcurrentCalls;
		}

		public Retry getRetry() {
			return this.retry;
		}

		/**
		 * Properties for retries.
		 */
		public static class Retry {

			/**
			 * Maximum number of attempts for a call, including the first one.
			 */
			private int maxAttempts = 3;

			/**
			 * Delay before the first retry. It doubles with each further retry and is
			 * randomized.
			 */
			private Duration initialDelay = Duration.ofMillis(200);

			/**
			 * Maximum delay between attempts.
			 */
			private Duration maxDelay = Duration.ofSeconds(2);

			public int getMaxAttempts() {
				return this.maxAttempts;
			}

			public void setMaxAttempts(int maxAttempts) {
				this.maxAttempts = maxAttempts;
			}

			public Duration getInitialDelay() {
				return this.initialDelay;
			}

			public void setInitialDelay(Duration initialDelay) {
				this.initialDelay = initialDelay;
			}

			public Duration getMaxDelay() {
				return this.maxDelay;
			}

			public void setMaxDelay(Duration maxDelay) {
				this.maxDelay = maxDelay;
			}

		}

	}

	/**
	 * Properties for checkout sessions.
	 */
	public static class Checkout {

		/**
		 * URL to redirect the buyer to after the payment, absolute or a path within the
		 * application. '{CHECKOUT_ID}' is replaced with the ID of the session.
		 */
		private @Nullable String successUrl;

		/**
		 * URL of the back button on the checkout page, absolute or a path within the
		 * application.
		 */
		private @Nullable String returnUrl;

		/**
		 * Public URL of the application, against which paths are resolved. Required in
		 * production if a path is used. By default, it is derived from the current
		 * request.
		 */
		private @Nullable String applicationUrl;

		/**
		 * Origin of the page that embeds the checkout. By default, the origin of the
		 * application for callers that request JSON.
		 */
		private @Nullable String embedOrigin;

		/**
		 * Theme of the checkout page. By default, the buyer's preference.
		 */
		private @Nullable CheckoutTheme theme;

		/**
		 * Whether to prefill the signed-in user's email address on the checkout page.
		 */
		private boolean sendEmail = true;

		/**
		 * Whether to prefill the signed-in user's name on the checkout page.
		 */
		private boolean sendName = true;

		/**
		 * Whether to send the locale of the current request to Polar.
		 */
		private boolean sendLocale = true;

		/**
		 * Whether to reject callers that are not signed in.
		 */
		private boolean requireLogin;

		/**
		 * Whether to redirect GET requests whose URL contains a 'customer_session_token'
		 * to the URL without it.
		 */
		private boolean stripSessionToken = true;

		public @Nullable String getSuccessUrl() {
			return this.successUrl;
		}

		public void setSuccessUrl(@Nullable String successUrl) {
			this.successUrl = successUrl;
		}

		public @Nullable String getReturnUrl() {
			return this.returnUrl;
		}

		public void setReturnUrl(@Nullable String returnUrl) {
			this.returnUrl = returnUrl;
		}

		public @Nullable String getApplicationUrl() {
			return this.applicationUrl;
		}

		public void setApplicationUrl(@Nullable String applicationUrl) {
			this.applicationUrl = applicationUrl;
		}

		public @Nullable String getEmbedOrigin() {
			return this.embedOrigin;
		}

		public void setEmbedOrigin(@Nullable String embedOrigin) {
			this.embedOrigin = embedOrigin;
		}

		public @Nullable CheckoutTheme getTheme() {
			return this.theme;
		}

		public void setTheme(@Nullable CheckoutTheme theme) {
			this.theme = theme;
		}

		public boolean isSendEmail() {
			return this.sendEmail;
		}

		public void setSendEmail(boolean sendEmail) {
			this.sendEmail = sendEmail;
		}

		public boolean isSendName() {
			return this.sendName;
		}

		public void setSendName(boolean sendName) {
			this.sendName = sendName;
		}

		public boolean isSendLocale() {
			return this.sendLocale;
		}

		public void setSendLocale(boolean sendLocale) {
			this.sendLocale = sendLocale;
		}

		public boolean isRequireLogin() {
			return this.requireLogin;
		}

		public void setRequireLogin(boolean requireLogin) {
			this.requireLogin = requireLogin;
		}

		public boolean isStripSessionToken() {
			return this.stripSessionToken;
		}

		public void setStripSessionToken(boolean stripSessionToken) {
			this.stripSessionToken = stripSessionToken;
		}

	}

	/**
	 * Properties for the identity of buyers.
	 */
	public static class Identity {

		/**
		 * Strategy to determine the external customer ID of the signed-in user.
		 */
		private IdentityStrategy strategy = IdentityStrategy.AUTO;

		/**
		 * Claim of the user or access token that contains the external customer ID.
		 * Required by the 'claim' strategy.
		 */
		private @Nullable String claim;

		/**
		 * Property of the principal that contains the external customer ID. Required by
		 * the 'property' strategy.
		 */
		private @Nullable String property;

		/**
		 * How to handle a checkout by a user that was switched to through Spring
		 * Security's SwitchUserFilter.
		 */
		private SwitchedUser switchedUser = SwitchedUser.REJECT;

		public IdentityStrategy getStrategy() {
			return this.strategy;
		}

		public void setStrategy(IdentityStrategy strategy) {
			this.strategy = strategy;
		}

		public @Nullable String getClaim() {
			return this.claim;
		}

		public void setClaim(@Nullable String claim) {
			this.claim = claim;
		}

		public @Nullable String getProperty() {
			return this.property;
		}

		public void setProperty(@Nullable String property) {
			this.property = property;
		}

		public SwitchedUser getSwitchedUser() {
			return this.switchedUser;
		}

		public void setSwitchedUser(SwitchedUser switchedUser) {
			this.switchedUser = switchedUser;
		}

		/**
		 * Options for checkouts by a user that was switched to.
		 */
		public enum SwitchedUser {

			/**
			 * Reject the checkout, because Polar's page would show the user's saved
			 * cards.
			 */
			REJECT,

			/**
			 * Create the checkout for the user that was switched to.
			 */
			TARGET

		}

	}

	/**
	 * Properties for the buyer's IP address.
	 */
	public static class ClientIp {

		/**
		 * Whether to send the buyer's IP address to Polar.
		 */
		private boolean enabled = true;

		/**
		 * Comma-separated list of headers to read the address from, in this order. By
		 * default, 'X-Forwarded-For' and, if 'cloudflare' is a trusted proxy,
		 * 'CF-Connecting-IP'.
		 */
		private List<String> headers = new ArrayList<>();

		/**
		 * Comma-separated list of proxies whose headers are trusted: CIDR ranges,
		 * addresses, or the presets 'private' and 'cloudflare'.
		 */
		private List<String> trustedProxies = new ArrayList<>(List.of("private"));

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public List<String> getHeaders() {
			return this.headers;
		}

		public void setHeaders(List<String> headers) {
			this.headers = headers;
		}

		public List<String> getTrustedProxies() {
			return this.trustedProxies;
		}

		public void setTrustedProxies(List<String> trustedProxies) {
			this.trustedProxies = trustedProxies;
		}

	}

	/**
	 * Properties for webhooks.
	 */
	public static class Webhook {

		/**
		 * Secret of the webhook endpoint, from Polar's dashboard. Without a secret, the
		 * endpoint is disabled.
		 */
		private @Nullable String secret;

		/**
		 * Comma-separated list of additional secrets to accept, for rotating a secret or
		 * for several endpoints.
		 */
		private List<String> secrets = new ArrayList<>();

		/**
		 * Path of the webhook endpoint, relative to the context path.
		 */
		private String path = "/webhooks/polar";

		/**
		 * Maximum allowed difference between a webhook's timestamp and the current time.
		 */
		private Duration tolerance = Duration.ofMinutes(5);

		/**
		 * Maximum size of the body of a webhook.
		 */
		private DataSize maxBodySize = DataSize.ofMegabytes(4);

		/**
		 * How incoming events are processed: while Polar waits for the response, or
		 * asynchronously from the application's database.
		 */
		private InboxType inbox = InboxType.DIRECT;

		public @Nullable String getSecret() {
			return this.secret;
		}

		public void setSecret(@Nullable String secret) {
			this.secret = secret;
		}

		public List<String> getSecrets() {
			return this.secrets;
		}

		public void setSecrets(List<String> secrets) {
			this.secrets = secrets;
		}

		public String getPath() {
			return this.path;
		}

		public void setPath(String path) {
			this.path = path;
		}

		public Duration getTolerance() {
			return this.tolerance;
		}

		public void setTolerance(Duration tolerance) {
			this.tolerance = tolerance;
		}

		public DataSize getMaxBodySize() {
			return this.maxBodySize;
		}

		public void setMaxBodySize(DataSize maxBodySize) {
			this.maxBodySize = maxBodySize;
		}

		public InboxType getInbox() {
			return this.inbox;
		}

		public void setInbox(InboxType inbox) {
			this.inbox = inbox;
		}

		/**
		 * Options for the processing of incoming events.
		 */
		public enum InboxType {

			/**
			 * Call the listeners while Polar waits for the response. Polar redelivers
			 * failed events.
			 */
			DIRECT,

			/**
			 * Store the event in the application's database and acknowledge it. Failed
			 * events are retried from there.
			 */
			JDBC

		}

	}

}
