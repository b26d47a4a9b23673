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

package io.github.polarspring.checkout;

import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.polarspring.identity.PolarIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link CheckoutContext} and what it adds to a request.
 */
class CheckoutContextTests {

	private static final PolarIdentity ADMIN = PolarIdentity.of("admin")
		.withEmail("admin@example.com")
		.withName("Ada Admin");

	private final CheckoutContext admin = CheckoutContext.empty().withIdentity(ADMIN);

	private static CheckoutRequest.Builder pro() {
		return CheckoutRequest.forProducts("pro");
	}

	private static CheckoutRequest add(CheckoutContext context, CheckoutRequest.Builder checkout) {
		return ContextualRequest.of(checkout.build(), context).request();
	}

	@Test
	void identityIsAddedAsAWhole() {
		ContextualRequest contextual = ContextualRequest.of(pro().build(), this.admin);
		assertThat(contextual.request().externalCustomerId()).isEqualTo("admin");
		assertThat(contextual.request().customerEmail()).isEqualTo("admin@example.com");
		assertThat(contextual.request().customerName()).isEqualTo("Ada Admin");
		assertThat(contextual.dispensable()).containsExactlyInAnyOrder("customer_email", "customer_name");
	}

	static Stream<Arguments> identitiesFromCode() {
		UUID customerId = UUID.randomUUID();
		return Stream.of(identity((checkout) -> checkout.externalCustomerId("42")),
				identity((checkout) -> checkout.customerId(customerId)),
				identity((checkout) -> checkout.customerEmail("customer@example.com")),
				identity(CheckoutRequest.Builder::guest));
	}

	private static Arguments identity(UnaryOperator<CheckoutRequest.Builder> identity) {
		return arguments(identity);
	}

	@ParameterizedTest
	@MethodSource("identitiesFromCode")
	void identityFromCodeLeavesNothingOfTheSignedInUser(UnaryOperator<CheckoutRequest.Builder> identity) {
		CheckoutRequest expected = identity.apply(pro()).build();
		ContextualRequest contextual = ContextualRequest.of(expected, this.admin);
		assertThat(contextual.request()).isEqualTo(expected);
		assertThat(contextual.dispensable()).isEmpty();
	}

	@Test
	void nameFromCodeDoesNotSayWhoBuys() {
		ContextualRequest contextual = ContextualRequest.of(pro().customerName("Company Ltd").build(), this.admin);
		assertThat(contextual.request().externalCustomerId()).isEqualTo("admin");
		assertThat(contextual.request().customerName()).isEqualTo("Company Ltd");
		assertThat(contextual.dispensable()).containsExactly("customer_email");
	}

	@Test
	void guestWithAnIdIsNoGuest() {
		assertThat(add(this.admin, pro().guest().externalCustomerId("42")).externalCustomerId()).isEqualTo("42");
	}

	@Test
	void textsThatPolarWouldRejectAreLeftOut() {
		CheckoutRequest request = add(CheckoutContext.empty()
			.withIdentity(PolarIdentity.of("42").withEmail("no address").withName("x".repeat(257))), pro());
		assertThat(request.externalCustomerId()).isEqualTo("42");
		assertThat(request.customerEmail()).isNull();
		assertThat(request.customerName()).isNull();
	}

	@Test
	void contextDoesNotReplaceWhatCodeSet() {
		CheckoutContext context = CheckoutContext.empty().withClientIp("203.0.113.2").withLocale(Locale.GERMAN);
		CheckoutRequest request = pro().customerIpAddress("203.0.113.1").locale(Locale.FRENCH).build();
		ContextualRequest contextual = ContextualRequest.of(request, context);
		assertThat(contextual.request()).isEqualTo(request);
		assertThat(contextual.dispensable()).isEmpty();
		assertThat(ContextualRequest.of(pro().build(), context).dispensable())
			.containsExactlyInAnyOrder("customer_ip_address", "locale");
	}

	@Test
	void identityFailureIsThrownUnlessCodeSaysByIdWhoBuys() {
		CheckoutContext context = CheckoutContext.empty()
			.withIdentityFailure(new IllegalStateException("The principal cannot be read"));
		assertThat(add(context, pro().externalCustomerId("42")).externalCustomerId()).isEqualTo("42");
		assertThat(add(context, pro().guest())).isEqualTo(pro().guest().build());
		assertThatIllegalStateException().isThrownBy(() -> add(context, pro()))
			.withMessage("The principal cannot be read");
		assertThatIllegalStateException().isThrownBy(() -> add(context, pro().customerEmail("a@example.com")));
		assertThatIllegalStateException().isThrownBy(context::identity);
	}

	@Test
	void emptyContextAddsNothing() {
		assertThat(add(CheckoutContext.empty(), pro())).isEqualTo(pro().build());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { ":1:2:3:4:5:6:7", "", "unknown", "fe80::1%eth0", "1.2.3.4:80", "999.1.1.1", "[2001:db8::1]" })
	void clientIpMustBeALiteral(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> CheckoutContext.empty().withClientIp(text))
			.withMessageContaining("clientIp");
	}

	@Test
	void ipAddressCanBeWithheld() {
		CheckoutContext context = CheckoutContext.empty().withClientIp("203.0.113.2");
		assertThat(add(context, pro().withoutCustomerIpAddress()).customerIpAddress()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "xx-DE", "und", "x-private", "qqq", "french", "und-US" })
	void localeThatPolarWouldRejectIsNotSent(String tag) {
		CheckoutContext context = CheckoutContext.empty().withLocale(Locale.forLanguageTag(tag));
		assertThat(add(context, pro()).locale()).isNull();
	}

	@ParameterizedTest
	@MethodSource("locales")
	void onlyLanguageAndRegionAreSent(Locale locale, String tag) {
		assertThat(add(CheckoutContext.empty().withLocale(locale), pro()).locale()).isEqualTo(tag);
		assertThat(pro().locale(locale).build().locale()).isEqualTo(tag);
	}

	@SuppressWarnings("deprecation")
	static Stream<Arguments> locales() {
		return Stream.of(Arguments.of(new Locale("zh", "CN", "HANS"), "zh-CN"),
				Arguments.of(Locale.forLanguageTag("zh-Hans-CN"), "zh-CN"),
				Arguments.of(Locale.forLanguageTag("zh-Hant"), "zh"),
				Arguments.of(Locale.forLanguageTag("sr-Latn-RS"), "sr-RS"),
				Arguments.of(Locale.forLanguageTag("sr-Latn"), "sr"),
				Arguments.of(Locale.forLanguageTag("de-DE-1996"), "de-DE"),
				Arguments.of(Locale.forLanguageTag("ca-ES-valencia"), "ca-ES"),
				Arguments.of(Locale.forLanguageTag("ja-JP-u-ca-japanese"), "ja-JP"),
				Arguments.of(Locale.forLanguageTag("en-US-x-private"), "en-US"),
				Arguments.of(Locale.forLanguageTag("es-419"), "es-419"),
				Arguments.of(Locale.forLanguageTag("fil-PH"), "fil-PH"),
				Arguments.of(Locale.forLanguageTag("haw"), "haw"), Arguments.of(new Locale("iw", "IL"), "he-IL"),
				Arguments.of(new Locale("in"), "id"), Arguments.of(new Locale("ji"), "yi"),
				Arguments.of(new Locale("no", "NO", "NY"), "no-NO"), Arguments.of(new Locale("nn", "NO"), "nn-NO"),
				Arguments.of(new Locale("ja", "JP", "JP"), "ja-JP"),
				Arguments.of(new Locale("th", "TH", "TH"), "th-TH"), Arguments.of(new Locale("de", "", "POSIX"), "de"),
				Arguments.of(new Locale("DE", "de"), "de-DE"), Arguments.of(new Locale("de", "Germany"), "de"),
				Arguments.of(Locale.FRANCE, "fr-FR"), Arguments.of(Locale.TRADITIONAL_CHINESE, "zh-TW"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "xx", "xx-DE", "und", "und-US", "x-private", "french" })
	void explicitLocaleWithoutALanguageIsRejected(String tag) {
		assertThatIllegalArgumentException().isThrownBy(() -> pro().locale(Locale.forLanguageTag(tag)))
			.withMessage("locale must have a language that exists");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CheckoutUpdate.builder().locale(Locale.forLanguageTag(tag)));
	}

	@Test
	void localeHasNoExtensions() {
		CheckoutContext context = CheckoutContext.empty().withLocale(Locale.forLanguageTag("de-DE-u-co-phonebk"));
		assertThat(add(context, pro()).locale()).isEqualTo("de-DE");
	}

	@Test
	void contextsAreEqualByTheirValues() {
		CheckoutContext context = this.admin.withClientIp("203.0.113.2")
			.withLocale(Locale.GERMAN)
			.withApplicationUrl("https://shop.example")
			.withEmbedding(true);
		CheckoutContext same = CheckoutContext.empty()
			.withEmbedding(true)
			.withApplicationUrl("https://shop.example")
			.withLocale(Locale.GERMAN)
			.withClientIp("203.0.113.2")
			.withIdentity(PolarIdentity.of("admin").withEmail("admin@example.com").withName("Ada Admin"));
		assertThat(context).isEqualTo(same).hasSameHashCodeAs(same);
		for (CheckoutContext other : new CheckoutContext[] { same.withEmbedding(false), same.withLocale(Locale.FRENCH),
				same.withClientIp(null), same.withApplicationUrl(null), same.withIdentity(null),
				same.withIdentityFailure(new IllegalStateException()) }) {
			assertThat(other).isNotEqualTo(context);
		}
	}

	@Test
	void textContainsNoPersonalData() {
		assertThat(this.admin.withClientIp("203.0.113.2")).hasToString("CheckoutContext[***]");
	}

}
