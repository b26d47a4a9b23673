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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarClientIpAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.clientip.ClientIpResolver;
import io.github.polarspring.testsupport.Signed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings that can never work fail the start, and the analysis says what is wrong.
 */
@ExtendWith(OutputCaptureExtension.class)
class SettingsTests {

	private static final String TOKEN = "polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

	private static final String ID = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

	private static final String LONG = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

	private static final String PREFIXED = "with the prefix";

	private static final List<String> QUOTES = List.of("\"%s\"", "'%s'", "`%s`", "\u201c%s\u201d", "\u201e%s\u201c",
			"\u2018%s\u2019", "\u201a%s\u2018", "\u00ab%s\u00bb", "\u2039%s\u203a", "\uff02%s\uff02", "\\\"%s\\\"",
			" \"%s\" ", "\"%s\"\n");

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarIdentityAutoConfiguration.class,
				PolarClientIpAutoConfiguration.class, PolarWebMvcAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarEntitlementAutoConfiguration.class, RestClientAutoConfiguration.class,
				WebMvcAutoConfiguration.class))
		.withPropertyValues("polar.access-token=" + TOKEN, "polar.webhook.secret=" + Signed.SECRET,
				"polar.checkout.application-url=https://shop.example");

	@ParameterizedTest
	@MethodSource("wrongTokens")
	void valueThatIsNoTokenFailsTheStartWithoutBeingShown(String token, String problem) {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("polar.access-token=" + token));
		assertThat(analysis.getDescription()).isEqualTo("The access token for Polar " + problem + ".");
		assertThat(analysis.getAction()).contains("'polar.access-token'", "POLAR_ACCESS_TOKEN=polar_oat_...");
		assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("0123456789", "SOME_TOKEN");
		assertThat(analyze(new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, RestClientAutoConfiguration.class))
			.withBean(PolarConnectionDetails.class, () -> details("https://api.polar.sh", token))).getDescription())
			.isEqualTo(analysis.getDescription());
	}

	static Stream<Object[]> wrongTokens() {
		String quoted = "is enclosed in quotation marks, which are part of the value";
		String placeholder = "contains a placeholder ${...} that could not be resolved";
		String bearer = "starts with 'Bearer', which is added by this library";
		String blank = "contains whitespace or a control character";
		String secret = "is the secret of a webhook endpoint ('polar.webhook.secret')";
		String portal = " session, which is only valid in the customer portal";
		String more = "contains something in addition to the token, such as a second token";
		String invalid = "contains a character that is invalid in a bearer token, such as a quotation mark or a bracket";
		return Stream.concat(QUOTES.stream().map((quotes) -> new Object[] { quotes.formatted(TOKEN), quoted }),
				Stream.of(new Object[] { "\"\"", quoted },
						new Object[] { "\"" + TOKEN, "starts or ends with a quotation mark" },
						new Object[] { TOKEN + "\u2019", "starts or ends with a quotation mark" },
						new Object[] { "${SOME_TOKEN}", placeholder },
						new Object[] { "polar_oat_${SOME_TOKEN}", placeholder },
						new Object[] { "Bearer " + TOKEN, bearer }, new Object[] { "bearer\t" + TOKEN, bearer },
						new Object[] { "Authorization: Bearer " + TOKEN, bearer },
						new Object[] { TOKEN + " " + TOKEN, blank }, new Object[] { TOKEN + "\n" + TOKEN, blank },
						new Object[] { TOKEN + "\u0007x", blank },
						new Object[] { TOKEN + "\u00a0",
								"contains a character that is" + " not ASCII, so that Polar would ignore the token" },
						new Object[] { TOKEN + "\u00e4",
								"contains a character that is not ASCII, so that Polar would ignore" + " the token" },
						new Object[] { "\ufeff" + TOKEN,
								"contains a character that is not ASCII, so that Polar would ignore" + " the token" },
						new Object[] { "polar_cst_0123456789", "is the token of a customer" + portal },
						new Object[] { "polar_mst_0123456789", "is the token of a member" + portal },
						new Object[] { "polar_c_0123456789", "is the client secret of a checkout session" },
						new Object[] { "whsec_0123456789", secret }, new Object[] { "polar_whs_0123456789", secret },
						new Object[] { "polar_oat_...", "is an example without the token itself" },
						new Object[] { "polar_oat_", "is an example without the token itself" },
						new Object[] { "polar_oat_\u2026", "is an example without the token itself" },
						new Object[] { "<" + TOKEN + ">", invalid }, new Object[] { "$SOME_TOKEN", invalid },
						new Object[] { "POLAR_ACCESS_TOKEN=" + TOKEN, invalid }, new Object[] { TOKEN + ";", invalid },
						new Object[] { TOKEN + "\\n", invalid }, new Object[] { TOKEN + "|" + TOKEN, invalid },
						new Object[] { "\u2039" + TOKEN + ">", "starts or ends with a quotation mark" },
						new Object[] { "\u200b" + TOKEN,
								"contains a character that is" + " not ASCII, so that Polar would ignore the token" },
						new Object[] { "polar_oat_" + TOKEN, more }, new Object[] { TOKEN + TOKEN, more },
						new Object[] { TOKEN + "/" + TOKEN, more }, new Object[] { TOKEN + "." + TOKEN, more },
						new Object[] { "token-" + TOKEN, more }, new Object[] { TOKEN + "...", more },
						new Object[] { TOKEN + "=", more }));
	}

	@ParameterizedTest
	@ValueSource(strings = { TOKEN, " " + TOKEN + "\n", "polar_pat_0123456789", "polar_at_u_0123456789", "polar_oat_x",
			"opaque-token.of~a+gateway/0==" })
	void unusualTokenIsAccepted(String token) {
		this.runner.withPropertyValues("polar.access-token=" + token)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@MethodSource("wrongSecrets")
	void valueThatIsNoWebhookSecretFailsTheStartWithoutBeingShown(String secret, String problem) {
		for (String property : List.of("polar.webhook.secret", "polar.webhook.secrets[0]")) {
			FailureAnalysis analysis = analyze(this.runner.withPropertyValues(property + "=" + secret));
			assertThat(analysis.getDescription()).isEqualTo("'" + property + "' is wrong: A webhook secret "
					+ (problem.equals(PREFIXED)
							? "with the prefix 'whsec_' or 'polar_whs_' must start with it, and"
									+ " continue with letters, digits, '+', '/', '-', '_' and '=' only."
							: "must " + problem));
			assertThat(analysis.getAction()).contains("POLAR_WEBHOOK_SECRET=whsec_...");
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("c2VjcmV0", "SOME_SECRET");
		}
	}

	static Stream<Object[]> wrongSecrets() {
		String quoted = "not be enclosed in quotation marks, which are part of the value.";
		String placeholder = "not be a placeholder ${...} that could not be resolved.";
		String invisible = "not contain a line break or another invisible character.";
		String name = "not contain the name of the property.";
		String several = "not be a list of several secrets.";
		return Stream.concat(
				QUOTES.stream()
					.flatMap((quotes) -> Stream.of(new Object[] { quotes.formatted("whsec_" + LONG), quoted },
							new Object[] { quotes.formatted("polar_whs_" + LONG), quoted },
							new Object[] { quotes.formatted("my own secret with many characters"), quoted })),
				Stream.of(new Object[] { "\"whsec_" + LONG, quoted }, new Object[] { "whsec_" + LONG + "'", quoted },
						new Object[] { "${SOME_SECRET}", placeholder },
						new Object[] { "${SOME_SECRET_WITH_A_LONG_NAME_IN_THE_VAULT}", placeholder },
						new Object[] { "whsec_${SOME_SECRET_WITH_A_LONG_NAME}", placeholder },
						new Object[] { "whsec_" + LONG + ";whsec_" + LONG, several },
						new Object[] { "whsec_" + LONG + " polar_whs_" + LONG, several },
						new Object[] { "whsec_" + LONG + "|whsec_" + LONG, several },
						new Object[] { "whsec_" + LONG + "\n- polar_whs_" + LONG, several },
						new Object[] { "\ufeffwhsec_" + LONG, invisible },
						new Object[] { "\u200bpolar_whs_" + LONG, invisible },
						new Object[] { "whsec_" + LONG + "\u200b", invisible },
						new Object[] { "\ufeffmy own secret with many characters", invisible },
						new Object[] { "whsec_" + LONG + "\n" + LONG, invisible },
						new Object[] { "whsec_" + LONG + "\u0000" + LONG, invisible },
						new Object[] { "POLAR_WEBHOOK_SECRET=whsec_" + LONG, name },
						new Object[] { "polar.webhook.secret: whsec_" + LONG, name },
						new Object[] { "export POLAR_WEBHOOK_SECRET=whsec_" + LONG, PREFIXED },
						new Object[] { "POLAR_WEBHOOK_SECRET=my own secret with many characters", name },
						new Object[] { "SECRET=whsec_" + LONG, PREFIXED },
						new Object[] { "<whsec_" + LONG + ">", PREFIXED },
						new Object[] { "\u2039whsec_" + LONG + ">", quoted },
						new Object[] { "[polar_whs_" + LONG + "]", PREFIXED },
						new Object[] { "whsec_<" + LONG + ">", PREFIXED },
						new Object[] { "whsec_" + LONG + " " + LONG, PREFIXED },
						new Object[] { "whsec_ " + LONG, PREFIXED }, new Object[] { "whsec_" + LONG + "\\n", PREFIXED },
						new Object[] { "whsec_" + LONG + "\u200b" + LONG, PREFIXED },
						new Object[] { "whsec_" + LONG + ",", PREFIXED },
						new Object[] { "whsec_" + LONG + " # new", PREFIXED },
						new Object[] { "Bearer whsec_" + LONG, PREFIXED },
						new Object[] { "v1,whsec_" + LONG, PREFIXED }, new Object[] { "whsec_whsec_" + LONG, PREFIXED },
						new Object[] { "polar_whs_whsec_" + LONG, PREFIXED },
						new Object[] { "whsec_" + LONG + "whsec_" + LONG, PREFIXED },
						new Object[] { "whsec_" + ".".repeat(40), PREFIXED },
						new Object[] { "whsec_" + "\u2022".repeat(40), PREFIXED },
						new Object[] { "whsec_" + LONG + "\u2026", PREFIXED },
						new Object[] { "whsec_{{ secret_of_the_webhook_of_polar }}", PREFIXED },
						new Object[] { TOKEN, "not be a token of Polar." },
						new Object[] { "polar_c_" + LONG, "not be a token of Polar." },
						new Object[] { "polar_at_o_" + LONG, "not be a token of Polar." },
						new Object[] { "https://shop.example/webhooks/polar", "not be a URL." },
						new Object[] { "whsec_c2VjcmV0", "have at least 32 characters." }));
	}

	@ParameterizedTest
	@ValueSource(strings = { "correct horse battery staple 2026", "it's a \"secret\" with marks inside it",
			"whsec_" + LONG, "polar_whs_" + LONG, "whsec_a-b_c+d/e=0123456789012345678",
			"<my own secret with many characters>", "a|list|of|parts|that|is|one|secret",
			"Bearer of a secret, 32 characters long", "SECRET=a text with an equals sign",
			"ends with a backslash and n, also 32\\\\n", "a\u200bspace of no width in the middle",
			"'tis a secret that starts with a mark", "a secret with ${braces} in the middle" })
	void secretThatAMerchantChoseIsAccepted(String secret) {
		this.runner.withPropertyValues("polar.webhook.secret=" + secret)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void secretsInOneTextAreRejected() {
		assertThat(analyze(this.runner.withPropertyValues("polar.webhook.secret=whsec_" + LONG + ",whsec_" + LONG))
			.getDescription()).contains("'polar.webhook.secret'", "list of several secrets");
	}

	@Test
	void emptyEntryAmongTheSecretsFailsTheStart() {
		assertThat(
				analyze(this.runner.withPropertyValues("polar.webhook.secrets=whsec_" + LONG + ",")).getDescription())
			.isEqualTo("'polar.webhook.secrets' contains an empty entry, at position 2.");
		this.runner.withPropertyValues("polar.webhook.secrets=").run((context) -> assertThat(context).hasNotFailed());
		this.runner.withPropertyValues("polar.webhook.secrets[0]=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void secretsOfConnectionDetailsAreCheckedToo() {
		FailureAnalysis analysis = analyze(this.runner.withBean(PolarConnectionDetails.class,
				() -> details("https://api.polar.sh", TOKEN, "\"whsec_" + LONG + "\"")));
		assertThat(analysis.getDescription()).startsWith("A webhook secret of " + Details.class.getName() + " is wrong")
			.contains("quotation marks")
			.doesNotContain("c2VjcmV0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^', nullValues = "-", value = {
			"polar.base-url | https://api.polar.sh/v1 | must not have a path",
			"polar.base-url | https://sandbox-api.polar.sh/v1/ | must not have a path, because the paths of calls start with /v1: https://sandbox-api.polar.sh",
			"polar.base-url | https://api.polar.sh/api | must not have a path",
			"polar.base-url | https://api.polar.sh// | must not have a path",
			"polar.base-url | https://polar.sh | not that of Polar's website: https://api.polar.sh",
			"polar.base-url | https://www.polar.sh/ | not that of Polar's website",
			"polar.base-url | https://POLAR.sh/dashboard | not that of Polar's website",
			"polar.base-url | https://sandbox.polar.sh | not that of Polar's website: https://sandbox-api.polar.sh",
			"polar.base-url | https://buy.polar.sh | not that of Polar's website",
			"polar.base-url | https://api.polar.sh?a=b | neither query nor fragment",
			"polar.base-url | api.polar.sh | absolute", "polar.base-url | //api.polar.sh | absolute",
			"polar.base-url | ftp://api.polar.sh | must be an https URL",
			"polar.base-url | \"https://api.polar.sh\" | 'polar.base-url' is enclosed in quotation marks",
			"polar.base-url | ${POLAR_URL} | 'polar.base-url' contains a placeholder",
			"polar.base-url | https://${HOST}/polar | must be absolute and have a host",
			"polar.environment | ${ENVIRONMENT} | 'polar.environment' contains a placeholder",
			"polar.products.pro | \"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710\" | 'polar.products.pro: b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710'",
			"polar.products.pro | ${PRO} | 'polar.products.pro' contains a placeholder",
			"polar.products.pro | pro | 'polar.products.pro' is 'pro', which is not a UUID",
			"polar.products.pro | b2a7c0de58f14e0b8a5241f6d3c9e710 | which is not a UUID",
			"polar.products.pro | b2a7c0de-58f1-1e0b-8a52-41f6d3c9e710 | not a UUID of version 4",
			"polar.products.pro | b2a7c0de-58f1-7e0b-8a52-41f6d3c9e710 | not a UUID of version 4",
			"polar.products.pro | 00000000-0000-0000-0000-000000000000 | not a UUID of version 4",
			"polar.products.pro | 1-1-1-1-1 | not a UUID of version 4",
			"polar.organization-id | 'b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710' | 'polar.organization-id' is enclosed",
			"polar.organization-id | my-shop | 'polar.organization-id' is 'my-shop', which is not a UUID",
			"polar.organization-id | b2a7c0de-58f1-1e0b-8a52-41f6d3c9e710 | must be a UUID of version 4",
			"polar.api-version | 2026-4 | such as 2026-10", "polar.api-version | v1 | such as 2026-10",
			"polar.api-version | 2026-13 | such as 2026-10", "polar.api-version | 2026-00 | such as 2026-10",
			"polar.api-version | 2026-10-01 | such as 2026-10",
			"polar.api-version | \"2026-10\" | It is enclosed in quotation marks",
			"polar.http.connect-timeout | 0s | must be positive", "polar.http.read-timeout | -1s | must be positive",
			"polar.http.read-timeout | \"5s\" | Set the property without quotation marks or placeholders: 'polar.http.read-timeout: 5s'",
			"polar.http.total-timeout | 0 | must be positive", "polar.outcome-timeout | 0 | must be positive",
			"polar.http.max-concurrent-calls | -1 | at least 1",
			"polar.http.max-concurrent-calls | '64' | 'polar.http.max-concurrent-calls: 64'",
			"polar.http.retry.max-attempts | 0 | at least 1", "polar.http.retry.initial-delay | -1s | at least 1ms",
			"polar.http.retry.max-delay | 1ms | must not be less than polar.http.retry.initial-delay",
			"polar.checkout.success-url | thanks | absolute http or https URL",
			"polar.checkout.success-url | shop://thanks | absolute http or https URL",
			"polar.checkout.success-url | \"/thanks\" | enclosed in quotation marks",
			"polar.checkout.success-url | https://shop.example/thanks\" | absolute http or https URL",
			"polar.checkout.success-url | ${SHOP}/thanks | placeholder",
			"polar.checkout.success-url | https://${SHOP}/thanks | placeholder",
			"polar.checkout.success-url | /thanks?id=${CHECKOUT_ID} | write {CHECKOUT_ID}",
			"polar.checkout.success-url | //shop.example/thanks | absolute http or https URL",
			"polar.checkout.return-url | javascript:alert(1) | absolute http or https URL",
			"polar.checkout.return-url | \u201chttps://shop.example\u201d | enclosed in quotation marks",
			"polar.checkout.application-url | shop.example | absolute http or https URL",
			"polar.checkout.application-url | 'https://shop.example' | enclosed in quotation marks",
			"polar.checkout.application-url | https://shop.example?a=b | without user information, query or fragment",
			"polar.checkout.application-url | /shop | absolute http or https URL",
			"polar.checkout.embed-origin | https://shop.example/page | scheme, host and optional port",
			"polar.checkout.embed-origin | shop.example | scheme, host and optional port",
			"polar.checkout.embed-origin | https://shop.example/ | scheme, host and optional port",
			"polar.checkout.embed-origin | \"https://shop.example\" | enclosed in quotation marks",
			"polar.checkout.send-email | \"yes\" | 'polar.checkout.send-email: yes'",
			"polar.identity.claim | sub | 'polar.identity.strategy: claim'",
			"polar.identity.property | id | 'polar.identity.strategy: property'",
			"polar.identity.strategy | claim | 'polar.identity.claim'",
			"polar.identity.strategy | property | 'polar.identity.property'",
			"polar.client-ip.trusted-proxies | 10.0.0.0/33 | prefix length",
			"polar.client-ip.trusted-proxies | 0.0.0.0/0 | covers every address",
			"polar.client-ip.trusted-proxies | proxy.example | is not an address",
			"polar.client-ip.trusted-proxies | \"10.0.0.0/8\" | enclosed in quotation marks",
			"polar.client-ip.trusted-proxies | 10.0.0.0/8,${PROXY} | placeholder",
			"polar.client-ip.trusted-proxies | 10.0.0.0/8, | is not an address",
			"polar.client-ip.headers | X Real IP | not a valid header name",
			"polar.client-ip.headers | X-Real-IP: | not a valid header name",
			"polar.client-ip.headers | \"X-Real-IP\" | enclosed in quotation marks",
			"polar.client-ip.headers | X-Real-IP, | not a valid header name",
			"polar.webhook.path | webhooks/polar | such as /webhooks/polar",
			"polar.webhook.path | https://shop.example/webhooks/polar | such as /webhooks/polar",
			"polar.webhook.path | \"/webhooks/polar\" | enclosed in quotation marks",
			"polar.webhook.path | /webhooks/polar?a=b | such as /webhooks/polar",
			"polar.webhook.tolerance | 0s | must be positive", "polar.webhook.tolerance | 2h | at most 1h",
			"polar.webhook.max-body-size | 0B | greater than 0", "polar.webhook.max-body-size | -1MB | greater than 0",
			"polar.webhook.max-body-size | \"4MB\" | 'polar.webhook.max-body-size: 4MB'",
			"polar.webhook.jdbc.workers | -1 | must not be negative",
			"polar.webhook.jdbc.acknowledge-within | -1s | must not be negative",
			"polar.webhook.jdbc.hold-for | -1s | must not be negative",
			"polar.webhook.jdbc.poll-interval | 0s | at least 1ms",
			"polar.webhook.jdbc.keep-payload | -1d | must not be negative",
			"polar.webhook.jdbc.keep-id | 1d | must not be less than polar.webhook.jdbc.keep-payload",
			"polar.features.export.products | pro | 'polar.features.export.products' contains 'pro'. There is no product 'pro' in 'polar.products'",
			"polar.features.export.products | \"pro\" | 'polar.features.export.products' contains '\"pro\"'.",
			"polar.features.export.upgrade-url | /pricing | 'polar.features.export.products' to names in 'polar.products', or 'polar.features.export.benefits' to IDs of benefits",
			"polar.features.export.when-unknown | allow | It must have benefits or products",
			"polar.features.export.products | ^^ | It must have benefits or products",
			"polar.features.export.benefits | b2a7c0de-58f1-1e0b-8a52-41f6d3c9e710 | must be a UUID of version 4",
			"polar.features.export.benefits | export | 'polar.features.export.benefits' is 'export', which is not a UUID",
			"polar.features.export.benefits[0] | export | is 'export', which is not a UUID",
			"polar.features.export.benefits[0] | \"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710\" | enclosed in quotation marks",
			"polar.features.export.when-unknown | deny | 'polar.features.export.when-unknown'",
			"polar.entitlements.defaults.forms | many | 'polar.entitlements.defaults.forms'",
			"polar.entitlements.fresh-for | 0s | must be positive",
			"polar.entitlements.fresh-for | -5m | must be positive",
			"polar.entitlements.fresh-for | 25h | must not be less than polar.entitlements.fresh-for",
			"polar.entitlements.stale-for | 4m | must not be less than polar.entitlements.fresh-for",
			"polar.entitlements.read-timeout | 0 | must be positive",
			"polar.entitlements.read-timeout | \"2s\" | 'polar.entitlements.read-timeout: 2s'" })
	void settingThatCanNeverWorkFailsTheStartAndIsNamed(String property, String value, String expected) {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues(property + "=" + value));
		String text = analysis.getDescription() + "\n" + analysis.getAction();
		assertThat(text).contains(expected).contains(property.substring(0, property.lastIndexOf('.') + 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CF-Connecting-IP", "X-Forwarded-For", "Forwarded,X-Real-IP" })
	void headersWithoutATrustedProxyFailTheStart(String headers) {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("polar.client-ip.headers=" + headers,
				"polar.client-ip.trusted-proxies="));
		assertThat(analysis.getDescription()).contains("'polar.client-ip.headers'",
				"No header is ever read, because 'polar.client-ip.trusted-proxies' is empty",
				"'polar.client-ip.trusted-proxies: private'");
		this.runner.withPropertyValues("polar.client-ip.headers=" + headers)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "sandbox,127.0.0.1,false", "sandbox,::1,false", "sandbox,0:0:0:0:0:0:0:1,false",
			"sandbox,10.0.0.1,true", "production,127.0.0.1,true", "production,::1,true" })
	void missingHeaderOfADeveloperIsNotWarnedAbout(String environment, String peer, boolean warned,
			CapturedOutput output) {
		this.runner.withPropertyValues("polar.environment=" + environment).run((context) -> {
			ClientIpResolver resolver = context.getBean(ClientIpResolver.class);
			for (int i = 0; i < 20; i++) {
				assertThat(resolver.resolve(peer, (header) -> Collections.emptyEnumeration())).isNull();
			}
			assertThat(resolver.resolve(peer,
					(header) -> Collections
						.enumeration(header.equals("X-Forwarded-For") ? List.of("203.0.113.7") : List.of())))
				.isEqualTo("203.0.113.7");
		});
		assertThat(output.getAll().contains("requests came from a trusted proxy without X-Forwarded-For"))
			.isEqualTo(warned);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^',
			value = { "pricing | such as /pricing, or begin with https://", "//shop.example/pricing | such as /pricing",
					"shop://pricing | such as /pricing", "javascript:alert(1) | such as /pricing",
					"\"/pricing\" | enclosed in quotation marks", "${SHOP}/pricing | placeholder" })
	void upgradeUrlThatLeadsNowhereFailsTheStart(String url, String expected) {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("polar.features.export.benefits=" + ID,
				"polar.features.export.upgrade-url=" + url));
		assertThat(analysis.getDescription() + analysis.getAction()).contains("polar.features.export.upgrade-url",
				expected);
	}

	@Test
	void userInformationInTheBaseUrlIsNotShown() {
		FailureAnalysis analysis = analyze(
				this.runner.withPropertyValues("polar.base-url=https://user:pw12@gateway.example"));
		assertThat(analysis.getDescription()).contains("'polar.base-url'", "user information").doesNotContain("pw12");
		assertThat(analysis.getAction()).doesNotContain("pw12");
	}

	@Test
	void sandboxWithTheUrlOfProductionFailsTheStart() {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("polar.environment=sandbox",
				"polar.base-url=https://api.polar.sh:443/"));
		assertThat(analysis.getDescription())
			.isEqualTo("'polar.environment' is 'sandbox', but 'polar.base-url' is that of production.");
	}

	@Test
	void pathWithoutThePublicUrlFailsTheStartAlthoughNothingUsesIt() {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("polar.checkout.application-url=",
				"polar.checkout.success-url=/thanks"));
		assertThat(analysis.getAction()).contains("'polar.checkout.application-url'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar.base-url=https://gateway.example/polar/v1",
			"polar.base-url=http://localhost:8080/v1", "polar.base-url=https://sandbox-api.polar.sh",
			"polar.base-url=https://eu-api.polar.sh/", "polar.base-url=", "polar.environment=\"sandbox\"",
			"polar.products.pro=" + ID, "polar.api-version=2027-01", "polar.http.connect-timeout=1ms",
			"polar.checkout.success-url=http://localhost:3000/thanks",
			"polar.checkout.success-url=https://shop.example/it's?id={CHECKOUT_ID}",
			"polar.checkout.success-url=/thanks?price=$5", "polar.checkout.application-url=https://shop.example/shop/",
			"polar.checkout.embed-origin=http://localhost:3000", "polar.client-ip.trusted-proxies=",
			"polar.client-ip.trusted-proxies=10.1.2.3/8,::1,cloudflare", "polar.client-ip.headers=x-my_header",
			"polar.webhook.secret=", "polar.webhook.path=/Hooks/~polar", "polar.webhook.jdbc.workers=0",
			"polar.webhook.jdbc.hold-for=0s", "polar.organization-id=" + ID, "polar.features.export.benefits=" + ID,
			"polar.entitlements.defaults.forms=0", "polar.entitlements.defaults.forms=-1",
			"polar.entitlements.stale-for=5m", "polar.entitlements.read-timeout=1ms" })
	void unusualSettingIsAccepted(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "https://api.polar.sh/v1,must not have a path", "http://api.polar.sh,must be an https URL",
			"https://polar.sh,not that of Polar's website" })
	void baseUrlOfConnectionDetailsIsChecked(String baseUrl, String expected) {
		FailureAnalysis analysis = analyze(
				this.runner.withBean(PolarConnectionDetails.class, () -> details(baseUrl, TOKEN)));
		assertThat(analysis.getDescription()).contains(Details.class.getName(), expected);
	}

	@Test
	void connectionDetailsThatAreNotAvailableYetDoNotFailTheStart() {
		this.runner.withBean(PolarConnectionDetails.class, () -> new Details(URI.create("https://api.polar.sh"), null) {

			@Override
			public @Nullable String getAccessToken() {
				throw new IllegalStateException("Not available yet");
			}

		}).run((context) -> assertThat(context).hasNotFailed());
	}

	private static Details details(String baseUrl, String token, String... secrets) {
		return new Details(URI.create(baseUrl), token, secrets);
	}

	private static FailureAnalysis analyze(WebApplicationContextRunner runner) {
		List<FailureAnalysis> analyses = new ArrayList<>();
		List<ConfigurableEnvironment> environments = new ArrayList<>();
		runner.withInitializer((context) -> environments.add(context.getEnvironment())).run((context) -> {
			assertThat(context).hasFailed();
			ArgumentResolver arguments = ArgumentResolver.of(Environment.class, environments.get(0));
			SpringFactoriesLoader.forDefaultResourceLocation()
				.load(FailureAnalyzer.class, arguments, (type, name, failure) -> {
				})
				.stream()
				.map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
				.filter(Objects::nonNull)
				.findFirst()
				.ifPresent(analyses::add);
			assertThat(analyses).as("analysis of %s", context.getStartupFailure()).isNotEmpty();
		});
		return analyses.get(0);
	}

	private static class Details implements PolarConnectionDetails {

		private final URI baseUrl;

		private final @Nullable String token;

		private final List<String> secrets;

		Details(URI baseUrl, @Nullable String token, String... secrets) {
			this.baseUrl = baseUrl;
			this.token = token;
			this.secrets = List.of(secrets);
		}

		@Override
		public URI getBaseUrl() {
			return this.baseUrl;
		}

		@Override
		public @Nullable String getAccessToken() {
			return this.token;
		}

		@Override
		public List<String> getWebhookSecrets() {
			return this.secrets;
		}

	}

}
