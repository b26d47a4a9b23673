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

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of requests for webhook endpoints.
 */
final class FakeWebhookSchema {

	/**
	 * The types of events that an endpoint can subscribe to.
	 */
	static final List<String> TYPES = List.of("checkout.created", "checkout.updated", "checkout.expired",
			"customer.created", "customer.updated", "customer.deleted", "customer.state_changed",
			"customer_seat.assigned", "customer_seat.claimed", "customer_seat.revoked", "member.created",
			"member.updated", "member.deleted", "order.created", "order.updated", "order.paid", "order.refunded",
			"subscription.created", "subscription.updated", "subscription.active", "subscription.canceled",
			"subscription.uncanceled", "subscription.cycled", "subscription.revoked", "subscription.past_due",
			"subscription.paused", "subscription.resumed", "subscription.migrated", "refund.created", "refund.updated",
			"product.created", "product.updated", "discount.created", "discount.updated", "discount.deleted",
			"benefit.created", "benefit.updated", "benefit_grant.created", "benefit_grant.cycled",
			"benefit_grant.updated", "benefit_grant.revoked", "organization.updated");

	private static final FakeType EVENTS = FakeSchema.list(FakeSchema.oneOf(TYPES, (type) -> type), 0);

	private static final FakeType FORMAT = FakeSchema.oneOf("raw", "discord", "slack");

	private static final FakeType SECRET = FakeSchema.nullable(FakeSchema.text(32, Integer.MAX_VALUE));

	private static final FakeType VERSION = FakeSchema
		.nullable(FakeSchema.oneOf(FakeTransformer.VERSIONS.stream().sorted().toArray(String[]::new)));

	private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]*");

	/**
	 * Addresses that are not public, apart from those that Java knows.
	 */
	private static final Pattern RESERVED = Pattern.compile("(0|10|127|22[4-9]|2[345]\\d)\\..*"
			+ "|100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*|192\\.0\\.[02]\\..*|198\\.1[89]\\..*|198\\.51\\.100\\..*"
			+ "|203\\.0\\.113\\..*|\\[(f[cd]|2001:db8:|::ffff:).*");

	private FakeWebhookSchema() {
	}

	static FakeFields create() {
		return new FakeFields().required("url", FakeWebhookSchema::url)
			.optional("name", FakeSchema.nullable(FakeSchema.text()))
			.required("format", FORMAT)
			.required("events", EVENTS)
			.optional("secret", SECRET)
			.optional("api_version", VERSION)
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()));
	}

	static FakeFields update() {
		return new FakeFields().optional("url", FakeSchema.nullable(FakeWebhookSchema::url))
			.optional("name", FakeSchema.nullable(FakeSchema.text()))
			.optional("format", FakeSchema.nullable(FORMAT))
			.optional("events", FakeSchema.nullable(EVENTS))
			.optional("enabled", FakeSchema.nullable(FakeSchema.bool()))
			.optional("secret", SECRET)
			.optional("api_version", VERSION);
	}

	static boolean isValid(String url) {
		FakeErrors errors = new FakeErrors();
		url(JsonMapper.shared().getNodeFactory().stringNode(url), errors);
		return errors.isEmpty();
	}

	private static @Nullable Object url(JsonNode value, FakeErrors errors) {
		FakeErrors own = errors.separate("url");
		Object read = FakeSchema.url().read(value, own);
		boolean otherScheme = own.items().stream().anyMatch((item) -> "url_scheme".equals(item.get("type")));
		if (otherScheme || (read != null && read.toString().startsWith("http:"))) {
			return errors.add("url_scheme", "URL scheme should be 'https'", value, "expected_schemes", "'https'");
		}
		if (read == null) {
			return FakeSchema.url().read(value, errors);
		}
		String host = read.toString().replaceFirst("https://(?:[^/?#@]*@)?(\\[[^]]*]|[^/:?#]*).*", "$1");
		if (host.equals("localhost") || isReserved(host)) {
			return errors.addValueError("Webhook URLs cannot point to localhost or private IP addresses.", value);
		}
		return isHostName(host) ? read : errors
			.addValueError("Invalid webhook URL: the hostname contains characters not allowed in domain names.", value);
	}

	private static boolean isReserved(String host) {
		if (!host.matches("[\\d.]+|\\[.*]")) {
			return false;
		}
		try {
			InetAddress address = InetAddress.getByName(host);
			return RESERVED.matcher(host).matches() || address.isAnyLocalAddress() || address.isLoopbackAddress()
					|| address.isLinkLocalAddress() || address.isSiteLocalAddress() || address.isMulticastAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	private static boolean isHostName(String host) {
		if (host.startsWith("[")) {
			return true;
		}
		for (String label : host.split("\\.")) {
			if (!LABEL.matcher(IDN.toUnicode(label)).matches() || label.startsWith("-") || label.endsWith("-")
					|| label.length() > 63) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return a URL as a {@link URI}, which accepts fewer characters in paths.
	 */
	static URI toUri(String url) {
		try {
			return URI.create(url);
		}
		catch (IllegalArgumentException ex) {
			return URI.create(url.replaceFirst("(https?://[^/]*).*", "$1/"));
		}
	}

}
