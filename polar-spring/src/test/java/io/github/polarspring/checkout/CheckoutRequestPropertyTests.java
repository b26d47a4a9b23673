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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.product.PolarProducts;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of every request that can be built: Polar's schema accepts it (where the
 * schema is at hand, see {@link CapturingPolar}), and nothing is lost on the wire.
 */
class CheckoutRequestPropertyTests {

	private static final List<String> REMARKABLE = List.of("🚀", "👩‍👩‍👧‍👦", "مرحبا", "שלום", "\u202Eabc", "Größe",
			"日本語", "e\u0301", "\"\\\u0001\n\t", "\u2028\u2029", "{CHECKOUT_ID}", "</script>", "x".repeat(500),
			"é".repeat(500), "🚀".repeat(500), "null", "true", "1", "𝟙");

	private static final String[] CURRENCIES = { "usd", "eur", "jpy", "gbp", "isk", "krw" };

	private static final PolarProducts PRODUCTS = new PolarProducts(Map.of());

	@Property(tries = 500)
	void requestSurvivesTheWire(@ForAll("requests") CheckoutRequest request) {
		JsonNode json = JsonMapper.shared().readTree(new CapturingPolar().sent(request));
		CheckoutRequest read = CheckoutRequestReader.read(json);
		assertThat(read.complete(PRODUCTS, null, null)).isEqualTo(request.complete(PRODUCTS, null, null));
		assertThat(json.propertyNames()).doesNotContain("guest", "ip_address_withheld");
		json.forEach((value) -> assertThat(value.isNull()).isFalse());
	}

	@Property(tries = 200)
	void textSurvivesTheWire(@ForAll("texts") String text) {
		CheckoutRequest request = CheckoutRequest.forProducts(UUID.randomUUID())
			.metadata("text", text)
			.customerMetadata("text", text)
			.customField("text", text)
			.build();
		JsonNode json = JsonMapper.shared().readTree(new CapturingPolar().sent(request));
		assertThat(json.at("/metadata/text").stringValue()).isEqualTo(text);
		assertThat(json.at("/customer_metadata/text").stringValue()).isEqualTo(text);
		assertThat(json.at("/custom_field_data/text").stringValue()).isEqualTo(text);
	}

	@Property(tries = 200)
	void majorUnitsAreMinorUnitsAndBack(@ForAll long amount, @ForAll("currencies") String currency) {
		assertThat(MinorUnits.of(MinorUnits.toMajorUnits(amount, currency), currency)).isEqualTo(amount);
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries.oneOf(Arbitraries.of(REMARKABLE), characters().ofMinLength(1).ofMaxLength(200),
				characters().ofLength(500));
	}

	/**
	 * Whole characters only: half a surrogate pair is no text. Polar rejects NUL.
	 */
	private static StringArbitrary characters() {
		return Arbitraries.strings().withCharRange('\u0001', '\uD7FF').withCharRange('\uE000', '\uFFFD');
	}

	@Provide
	Arbitrary<String> currencies() {
		return Arbitraries.of(CURRENCIES);
	}

	@Provide
	Arbitrary<CheckoutRequest> requests() {
		Arbitrary<List<UUID>> products = uuids().list().uniqueElements().ofMinSize(1).ofMaxSize(4);
		return products.flatMap((ids) -> {
			Arbitrary<Map<UUID, List<AdHocPrice>>> prices = Arbitraries.maps(Arbitraries.of(ids), prices())
				.ofMaxSize(ids.size());
			Arbitrary<List<BiConsumer<CheckoutRequest.Builder, Void>>> settings = settings().list().ofMaxSize(12);
			return Combinators.combine(prices, settings).as((pricesByProduct, calls) -> {
				try {
					return request(ids, pricesByProduct, calls);
				}
				catch (IllegalArgumentException ex) {
					// what contradicts the ad-hoc prices of the first product cannot be
					// built
					assertThat(pricesByProduct).as(ex.getMessage()).containsKey(ids.get(0));
					Map<UUID, List<AdHocPrice>> others = new LinkedHashMap<>(pricesByProduct);
					others.remove(ids.get(0));
					return request(ids, others, calls);
				}
			});
		});
	}

	private static CheckoutRequest request(List<UUID> ids, Map<UUID, List<AdHocPrice>> prices,
			List<BiConsumer<CheckoutRequest.Builder, Void>> calls) {
		CheckoutRequest.Builder request = CheckoutRequest.forProducts(ids.toArray(UUID[]::new));
		prices.forEach((product, list) -> request.price(product, list.toArray(AdHocPrice[]::new)));
		calls.forEach((call) -> call.accept(request, null));
		return request.build();
	}

	/**
	 * Each makes one call of the builder.
	 */
	private Arbitrary<BiConsumer<CheckoutRequest.Builder, Void>> settings() {
		Arbitrary<String> names = Arbitraries.oneOf(
				Arbitraries.of("Ada", "Größe 🚀", "مرحبا", "x".repeat(256), "🚀".repeat(256)),
				characters().ofMinLength(1).ofMaxLength(256).map((text) -> "x" + text.substring(1)));
		Arbitrary<String> keys = Arbitraries
			.oneOf(Arbitraries.of("a", "🚀".repeat(40), "x".repeat(40), "__proto__", "a.b"),
					characters().ofMinLength(1).ofMaxLength(40))
			.filter((key) -> !CheckoutMetadata.RESERVED.contains(key));
		return Arbitraries.oneOf(List.of(setting(currencies(), CheckoutRequest.Builder::currency),
				setting(uuids(), CheckoutRequest.Builder::discountId),
				setting(flags(), CheckoutRequest.Builder::allowDiscountCodes),
				setting(flags(), CheckoutRequest.Builder::requireBillingAddress),
				setting(Arbitraries.longs().greaterOrEqual(0), CheckoutRequest.Builder::amount),
				setting(Arbitraries.integers().between(1, 10_000).list().ofSize(3), (request, seats) -> {
					int[] sorted = seats.stream().mapToInt(Integer::intValue).sorted().toArray();
					request.minSeats(sorted[0]).seats(sorted[1]).maxSeats(sorted[2]);
				}), setting(Arbitraries.integers().greaterOrEqual(1).list().ofSize(3), (request, units) -> {
					int[] sorted = units.stream().mapToInt(Integer::intValue).sorted().toArray();
					request.minUnits(sorted[0]).units(sorted[1]).maxUnits(sorted[2]);
				}), setting(flags(), CheckoutRequest.Builder::allowTrial),
				setting(Arbitraries.integers().between(1, 1000),
						(request, count) -> request.trial(count,
								TrialInterval.values()[count % (TrialInterval.values().length - 1)])),
				setting(uuids(), CheckoutRequest.Builder::customerId),
				setting(texts().filter((text) -> !text.isBlank() && text.length() <= 200
						&& text.chars().noneMatch(Character::isISOControl)),
						CheckoutRequest.Builder::externalCustomerId),
				setting(flags(), CheckoutRequest.Builder::businessCustomer),
				setting(names, CheckoutRequest.Builder::customerName),
				setting(Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(30),
						(request, local) -> request.customerEmail(local + "@example.com")),
				setting(Arbitraries.of("203.0.113.7", "2001:db8::7", "::1", "::ffff:1.2.3.4"),
						CheckoutRequest.Builder::customerIpAddress),
				setting(names, CheckoutRequest.Builder::customerBillingName),
				setting(addresses(), CheckoutRequest.Builder::customerBillingAddress),
				setting(addresses(),
						(request, address) -> request.customerBillingAddress(address).customerTaxId("FR61")),
				setting(Combinators.combine(keys, texts()).as(Map::entry),
						(request, entry) -> request.metadata(entry.getKey(), entry.getValue())),
				setting(Arbitraries.longs(), (request, value) -> request.metadata("whole", value)),
				setting(Arbitraries.doubles(), (request, value) -> request.metadata("decimal", value)),
				setting(flags(), (request, value) -> request.metadata("flag", value)),
				setting(Combinators.combine(keys, texts()).as(Map::entry),
						(request, entry) -> request.customerMetadata(entry.getKey(), entry.getValue())),
				setting(Arbitraries.longs(), (request, value) -> request.customerMetadata("whole", value)),
				setting(texts(), (request, value) -> request.customField("text", value)),
				setting(Arbitraries.longs(), (request, value) -> request.customField("whole", value)),
				setting(flags(), (request, value) -> request.customField("flag", value)),
				setting(Arbitraries.longs().between(0, 4_102_444_800_000_000L),
						(request, micros) -> request.customField("date_since", Instant.EPOCH.plusNanos(micros * 1000))),
				setting(uuids(), CheckoutRequest.Builder::subscriptionId),
				setting(Arbitraries.of("https://shop.example/thanks?id={CHECKOUT_ID}#{CHECKOUT_ID}",
						"http://localhost:8080/ok", "https://shop.example/" + "x".repeat(2062)),
						CheckoutRequest.Builder::successUrl),
				setting(Arbitraries.of("https://shop.example", "https://shop.example/a%20b"),
						CheckoutRequest.Builder::returnUrl),
				setting(Arbitraries.of("https://shop.example", "http://localhost:8080"),
						CheckoutRequest.Builder::embedOrigin),
				setting(Arbitraries.of(Locale.getAvailableLocales())
					.filter((locale) -> !locale.getLanguage().isEmpty() && Locale.forLanguageTag(locale.toLanguageTag())
						.toLanguageTag()
						.equals(locale.toLanguageTag())), CheckoutRequest.Builder::locale)));
	}

	private static <T> Arbitrary<BiConsumer<CheckoutRequest.Builder, Void>> setting(Arbitrary<T> values,
			BiConsumer<CheckoutRequest.Builder, T> call) {
		return values.map((value) -> (request, nothing) -> call.accept(request, value));
	}

	private Arbitrary<BillingAddress> addresses() {
		Arbitrary<String> countries = Arbitraries.of(Locale.getISOCountries())
			.filter((country) -> !List.of("CU", "IR", "KP", "SY", "RU").contains(country));
		Arbitrary<String> parts = Arbitraries.of("1 rue de la Paix", "東京都", "ß", "").injectNull(0.3);
		return Combinators.combine(countries, parts, parts, parts, parts, parts).as(BillingAddress::new);
	}

	private Arbitrary<List<AdHocPrice>> prices() {
		Arbitrary<TaxBehavior> taxBehaviors = Arbitraries
			.of(TaxBehavior.LOCATION, TaxBehavior.INCLUSIVE, TaxBehavior.EXCLUSIVE)
			.injectNull(0.3);
		Arbitrary<List<AdHocPrice>> kinds = Arbitraries.of(CURRENCIES)
			.flatMap((currency) -> Arbitraries.oneOf(
					Arbitraries.longs()
						.between(0, 99_999_999)
						.map((amount) -> List.of(AdHocPrice.fixed(amount, currency))),
					Arbitraries.just(List.of(AdHocPrice.free(currency))), customPrices(currency).map(List::of),
					seatBasedPrices(currency).map(List::of), unitBasedPrices(currency).map(List::of),
					Combinators.combine(seatBasedPrices(currency), meteredPrices(currency), meteredPrices(currency))
						.filter((seats, first, second) -> !first.meterId().equals(second.meterId()))
						.as((seats, first, second) -> List.of(AdHocPrice.fixed(0, currency), seats, first, second))));
		return Combinators.combine(kinds, taxBehaviors)
			.as((list, taxBehavior) -> list.stream().map((price) -> price.taxBehavior(taxBehavior)).toList());
	}

	private Arbitrary<AdHocPrice> customPrices(String currency) {
		return Arbitraries.longs().between(1, 99_999_999).list().ofSize(3).map((amounts) -> {
			long[] sorted = amounts.stream().mapToLong(Long::longValue).sorted().toArray();
			AdHocPrice.Custom price = AdHocPrice.custom(currency);
			price = (sorted[0] % 2 == 0) ? price.minimum(sorted[0]) : price;
			price = (sorted[1] % 2 == 0) ? price.preset(sorted[1]) : price;
			return (sorted[2] % 2 == 0) ? price.maximum(sorted[2]) : price;
		});
	}

	private Arbitrary<AdHocPrice> seatBasedPrices(String currency) {
		Arbitrary<List<Integer>> sizes = Arbitraries.integers().between(1, 500).list().ofMinSize(1).ofMaxSize(5);
		return Combinators.combine(sizes, flags(), flags()).as((list, open, graduated) -> {
			SeatTier[] tiers = new SeatTier[list.size()];
			int start = 1;
			for (int i = 0; i < tiers.length; i++) {
				int end = start + list.get(i);
				tiers[i] = (open && i == tiers.length - 1) ? SeatTier.from(start, end) : SeatTier.of(start, end, end);
				start = end + 1;
			}
			// Polar sorts them, and so do we
			Collections.reverse(Arrays.asList(tiers));
			AdHocPrice.SeatBased price = AdHocPrice.seatBased(currency, tiers);
			return graduated ? price.graduated() : price;
		});
	}

	private Arbitrary<AdHocPrice> unitBasedPrices(String currency) {
		return Arbitraries.longs().between(1, 1_000_000).set().ofMinSize(1).ofMaxSize(5).map((bounds) -> {
			UnitTier[] tiers = bounds.stream()
				.sorted()
				.map((bound) -> UnitTier.upTo(bound, 7))
				.toArray(UnitTier[]::new);
			AdHocPrice.UnitBased price = AdHocPrice.unitBased(currency, tiers);
			Map<String, Map<String, String>> label = new LinkedHashMap<>();
			label.put("ja", Map.of("other", "クレジット"));
			return (bounds.size() % 2 == 0) ? price.graduated().minimum(2).label(label) : price;
		});
	}

	private Arbitrary<AdHocPrice.Metered> meteredPrices(String currency) {
		Arbitrary<BigDecimal> amounts = Arbitraries.bigDecimals()
			.between(new BigDecimal("0.000000000001"), new BigDecimal("99999.999999999999"))
			.ofScale(12);
		return Combinators.combine(uuids(), amounts, Arbitraries.longs().between(0, Integer.MAX_VALUE).injectNull(0.5))
			.as((meter, amount, cap) -> new AdHocPrice.Metered(meter, amount, cap, currency, null));
	}

	private static Arbitrary<Boolean> flags() {
		return Arbitraries.of(true, false);
	}

	private static Arbitrary<UUID> uuids() {
		return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
			.as((most, least) -> new UUID((most & ~0xf000L) | 0x4000L, (least & ~(3L << 62)) | (1L << 63)));
	}

}
