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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.identity.IdentityStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for Polar.
 *
 * @param accessToken Organization access token for calls to Polar.
 * @param environment Polar environment to call.
 * @param baseUrl Base URL of the Polar API. Overrides the URL of the environment. Must
 * use https, or http with a loopback address.
 * @param apiVersion Version of the Polar API to request, as year and month.
 * @param products Product IDs by the names that the application uses for them.
 * @param checkProducts Whether to check at startup, in the background, that the products
 * exist and can be sold.
 * @param organizationId ID of the organization whose events are accepted. Differs between
 * sandbox and production. By default, events of any organization are accepted. The events
 * member.* and customer_seat.* contain no organization, so only their signature is
 * checked.
 * @param outcomeTimeout Maximum time to look for the effect of a charge or a refund whose
 * outcome is unknown, such as after a timeout. The caller waits for it.
 * @param http Properties for calls to Polar.
 * @param checkout Properties for checkout sessions.
 * @param portal Properties for the customer portal.
 * @param identity Properties for the identity of buyers.
 * @param clientIp Properties for the buyer's IP address.
 * @param webhook Properties for webhooks.
 * @param features Features that users have because of a purchase, by the names that the
 * application uses for them.
 * @param entitlements Properties for entitlements.
 * @since 0.1.0
 */
@ConfigurationProperties("polar")
public record PolarProperties(@Nullable String accessToken, @DefaultValue("production") PolarEnvironment environment,
		@Nullable URI baseUrl, @DefaultValue("2026-10") String apiVersion, @DefaultValue Map<String, UUID> products,
		boolean checkProducts, @Nullable UUID organizationId, @DefaultValue("30s") Duration outcomeTimeout,
		@DefaultValue Http http, @DefaultValue Checkout checkout, @DefaultValue Portal portal,
		@DefaultValue Identity identity, @DefaultValue ClientIp clientIp, @DefaultValue Webhook webhook,
		@DefaultValue Map<String, Feature> features,
		@DefaultValue Entitlements entitlements) implements InitializingBean {

	public PolarProperties {
		products = Collections.unmodifiableMap(new LinkedHashMap<>(products));
		features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
	}

	@Override
	public void afterPropertiesSet() {
		checkTexts();
		require(this.apiVersion.matches("\\d{4}-(0[1-9]|1[0-2])"), "polar.api-version", this.apiVersion,
				"It must have the form YYYY-MM, such as 2026-10.");
		require(this.organizationId == null || this.organizationId.version() == 4, "polar.organization-id",
				this.organizationId, "It must be a UUID of version 4, as are all of Polar's IDs. Copy it from Polar's"
						+ " dashboard, under Settings.");
		checkHttp();
		CheckoutDefaults.check(this.checkout, this.portal);
		checkEntitlements();
		requireFitting("claim", this.identity.claim, this.identity.strategy == IdentityStrategy.CLAIM);
		requireFitting("property", this.identity.property, this.identity.strategy == IdentityStrategy.PROPERTY);
		require(isPositive(this.webhook.tolerance) && this.webhook.tolerance.compareTo(Duration.ofHours(1)) <= 0,
				"polar.webhook.tolerance", this.webhook.tolerance,
				"It must be positive and at most 1h, to protect against replayed webhooks: Polar's own"
						+ " libraries allow 5m.");
		require(this.webhook.maxBodySize.toBytes() >= 1 && this.webhook.maxBodySize.toMegabytes() <= 1024,
				"polar.webhook.max-body-size", this.webhook.maxBodySize,
				"It must be greater than 0 and at most 1GB: the default is 4MB.");
		require(this.webhook.checkInterval.isZero() || this.webhook.checkInterval.toMinutes() >= 1,
				"polar.webhook.check-interval", this.webhook.checkInterval,
				"It must be at least 1m, or 0 to disable the check: the default is 1h.");
		require(this.webhook.path.matches("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+")
				&& !this.webhook.path.equals("/error"), "polar.webhook.path", this.webhook.path,
				"It must be a path such as /webhooks/polar, without variables, wildcards or a trailing slash.");
	}

	/**
	 * Check the settings that are not secret. A message can contain their values.
	 */
	private void checkTexts() {
		Map<String, @Nullable String> texts = new LinkedHashMap<>();
		texts.put("api-version", this.apiVersion);
		texts.put("checkout.success-url", this.checkout.successUrl);
		texts.put("checkout.return-url", this.checkout.returnUrl);
		texts.put("checkout.application-url", this.checkout.applicationUrl);
		texts.put("checkout.embed-origin", this.checkout.embedOrigin);
		texts.put("portal.return-url", this.portal.returnUrl);
		texts.put("identity.claim", this.identity.claim);
		texts.put("identity.property", this.identity.property);
		texts.put("webhook.path", this.webhook.path);
		texts.put("client-ip.headers", String.join(",", this.clientIp.headers));
		texts.put("client-ip.trusted-proxies", String.join(",", this.clientIp.trustedProxies));
		this.features.forEach((name, feature) -> texts.put("features." + name + ".upgrade-url", feature.upgradeUrl));
		texts.forEach((name, text) -> {
			String mistake = (text != null) ? PolarUrls.mistake(text) : null;
			String hint = (text != null && text.contains("${CHECKOUT_ID}"))
					? " For the ID of the session, write {CHECKOUT_ID}." : "";
			require(mistake == null, "polar." + name, text, "It " + mistake + "." + hint);
		});
	}

	private void checkHttp() {
		Http.Retry retry = this.http.retry;
		requirePositive("polar.outcome-timeout", this.outcomeTimeout);
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

	private void checkEntitlements() {
		this.features.forEach((name, feature) -> {
			String property = "polar.features." + name;
			require(!feature.benefits.isEmpty() || !feature.products.isEmpty(), property, "{}",
					"It must have benefits or products: set '%1$s.products' to names in 'polar.products', or '%1$s.benefits' to IDs of benefits from Polar's dashboard."
						.formatted(property));
			feature.benefits.forEach((id) -> require(id.version() == 4, property + ".benefits", id,
					"It must be a UUID of version 4, as are all of Polar's IDs. Copy it from Polar's dashboard."));
			String url = feature.upgradeUrl;
			require(url == null || url.matches("(/|https?://).*") && !url.startsWith("//"), property + ".upgrade-url",
					url, "It must be a path such as /pricing, or begin with https://.");
		});
		requirePositive("polar.entitlements.fresh-for", this.entitlements.freshFor);
		requirePositive("polar.entitlements.read-timeout", this.entitlements.readTimeout);
		require(this.entitlements.staleFor.compareTo(this.entitlements.freshFor) >= 0, "polar.entitlements.stale-for",
				this.entitlements.staleFor, "It must not be less than polar.entitlements.fresh-for.");
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
	 * Return a description without the access token.
	 */
	@Override
	public String toString() {
		return "PolarProperties[environment=" + this.environment + "]";
	}

	/**
	 * Properties for calls to Polar.
	 *
	 * @param connectTimeout Maximum time to wait for a connection to Polar.
	 * @param readTimeout Maximum time to wait for a response from Polar, for each
	 * attempt. Limited by the total timeout.
	 * @param totalTimeout Maximum duration of a call, including retries. A response that
	 * is still being read at that time is abandoned.
	 * @param maxConcurrentCalls Maximum number of concurrent calls. Further calls fail
	 * immediately, so that the application does not run out of threads while Polar hangs.
	 * @param retry Properties for retries.
	 */
	public record Http(@DefaultValue("2s") Duration connectTimeout, @DefaultValue("6s") Duration readTimeout,
			@DefaultValue("15s") Duration totalTimeout, @DefaultValue("64") int maxConcurrentCalls,
			@DefaultValue Retry retry) {

		Duration effectiveReadTimeout() {
			return (this.readTimeout.compareTo(this.totalTimeout) < 0) ? this.readTimeout : this.totalTimeout;
		}

		/**
		 * Properties for retries.
		 *
		 * @param maxAttempts Maximum number of attempts for a call, including the first
		 * one.
		 * @param initialDelay Delay before the first retry. It doubles with each further
		 * retry and is randomized.
		 * @param maxDelay Maximum delay between attempts.
		 */
		public record Retry(@DefaultValue("3") int maxAttempts, @DefaultValue("200ms") Duration initialDelay,
				@DefaultValue("2s") Duration maxDelay) {

		}

	}

	/**
	 * Properties for checkout sessions.
	 *
	 * @param successUrl URL to redirect the buyer to after the payment, absolute or a
	 * path within the application. '{CHECKOUT_ID}' is replaced with the ID of the
	 * session.
	 * @param returnUrl URL of the back button on the checkout page, absolute or a path
	 * within the application.
	 * @param applicationUrl Public URL of the application, against which paths are
	 * resolved. Required in production if a path is used. By default, it is derived from
	 * the current request.
	 * @param embedOrigin Origin of the page that embeds the checkout. By default, the
	 * origin of the application for callers that request JSON.
	 * @param theme Theme of the checkout page. By default, the buyer's preference.
	 * @param sendEmail Whether to prefill the signed-in user's email address on the
	 * checkout page.
	 * @param sendName Whether to prefill the signed-in user's name on the checkout page.
	 * @param sendLocale Whether to send the locale of the current request to Polar.
	 * @param requireLogin Whether to reject callers that are not signed in.
	 * @param stripSessionToken Whether to redirect GET requests whose URL contains a
	 * 'customer_session_token' to the URL without it.
	 */
	public record Checkout(@Nullable String successUrl, @Nullable String returnUrl, @Nullable String applicationUrl,
			@Nullable String embedOrigin, @Nullable CheckoutTheme theme, @DefaultValue("true") boolean sendEmail,
			@DefaultValue("true") boolean sendName, @DefaultValue("true") boolean sendLocale,
			@DefaultValue("false") boolean requireLogin, @DefaultValue("true") boolean stripSessionToken) {

	}

	/**
	 * Properties for the customer portal.
	 *
	 * @param returnUrl URL of the back link of the customer portal if the user has not
	 * come from a page of the application, absolute or a path within the application.
	 */
	public record Portal(@Nullable String returnUrl) {

	}

	/**
	 * Properties for the identity of buyers.
	 *
	 * @param strategy Strategy to determine the external customer ID of the signed-in
	 * user.
	 * @param claim Claim of the user or access token that contains the external customer
	 * ID. Required by the 'claim' strategy.
	 * @param property Property of the principal that contains the external customer ID.
	 * Required by the 'property' strategy.
	 * @param switchedUser How to handle a checkout by a user that was switched to through
	 * Spring Security's SwitchUserFilter.
	 */
	public record Identity(@DefaultValue("auto") IdentityStrategy strategy, @Nullable String claim,
			@Nullable String property, @DefaultValue("reject") SwitchedUser switchedUser) {

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
	 *
	 * @param enabled Whether to send the buyer's IP address to Polar.
	 * @param headers Comma-separated list of headers to read the address from, in this
	 * order. By default, 'X-Forwarded-For' and, if 'cloudflare' is a trusted proxy,
	 * 'CF-Connecting-IP'.
	 * @param trustedProxies Comma-separated list of proxies whose headers are trusted:
	 * CIDR ranges, addresses, or the presets 'private' and 'cloudflare'.
	 */
	public record ClientIp(@DefaultValue("true") boolean enabled, @DefaultValue List<String> headers,
			@DefaultValue("private") List<String> trustedProxies) {

		public ClientIp {
			headers = List.copyOf(headers);
			trustedProxies = List.copyOf(trustedProxies);
		}

	}

	/**
	 * Properties for webhooks.
	 *
	 * @param secret Secret of the webhook endpoint, from Polar's dashboard. Without a
	 * secret, the endpoint is disabled.
	 * @param secrets Comma-separated list of additional secrets to accept, for rotating a
	 * secret or for several endpoints.
	 * @param path Path of the webhook endpoint, relative to the context path.
	 * @param tolerance Maximum allowed difference between a webhook's timestamp and the
	 * current time.
	 * @param maxBodySize Maximum size of the body of a webhook.
	 * @param inbox How incoming events are processed: while Polar waits for the response,
	 * or asynchronously from the application's database.
	 * @param checkInterval How often to compare the webhook endpoint at Polar with what
	 * the application needs, in the background. 0 to never do so.
	 * @param listen Whether to listen to Polar's event stream, in the sandbox only, so
	 * that events reach an application on a developer's machine.
	 */
	public record Webhook(@Nullable String secret, @DefaultValue List<String> secrets,
			@DefaultValue("/webhooks/polar") String path, @DefaultValue("5m") Duration tolerance,
			@DefaultValue("4MB") DataSize maxBodySize, @DefaultValue("direct") InboxType inbox,
			@DefaultValue("1h") Duration checkInterval, boolean listen) {

		public Webhook {
			secrets = List.copyOf(secrets);
		}

		/**
		 * Return a description without secrets.
		 */
		@Override
		public String toString() {
			return "Webhook[path=" + this.path + ", inbox=" + this.inbox + "]";
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

	/**
	 * Properties for a feature.
	 *
	 * @param benefits Comma-separated list of IDs of benefits, any of which includes the
	 * feature.
	 * @param products Comma-separated list of names of products, any of which includes
	 * the feature.
	 * @param upgradeUrl URL of the page where the feature can be bought, absolute or a
	 * path within the application. By default, users without the feature get an error
	 * page.
	 * @param whenUnknown What to do if it is not known whether a user has the feature,
	 * because Polar cannot be read.
	 */
	public record Feature(@DefaultValue List<UUID> benefits, @DefaultValue List<String> products,
			@Nullable String upgradeUrl, @DefaultValue("reject") WhenUnknown whenUnknown) {

		public Feature {
			benefits = List.copyOf(benefits);
			products = List.copyOf(products);
		}

	}

	/**
	 * Properties for entitlements.
	 *
	 * @param defaults Limits of users who have not bought more, by name.
	 * @param acceptUnproven Whether purchases count for the user to whose customer Polar
	 * assigned them, although it is not known who made them. If someone enters the email
	 * address of another user at a checkout, the two share their purchases.
	 * @param freshFor Duration for which a state that was read from Polar is used.
	 * @param staleFor Maximum age of a state that is used while Polar cannot be read.
	 * @param readTimeout Maximum time for which a check waits for Polar.
	 */
	public record Entitlements(@DefaultValue Map<String, Long> defaults, @DefaultValue("false") boolean acceptUnproven,
			@DefaultValue("5m") Duration freshFor, @DefaultValue("24h") Duration staleFor,
			@DefaultValue("2s") Duration readTimeout) {

		public Entitlements {
			defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
		}

	}

}
