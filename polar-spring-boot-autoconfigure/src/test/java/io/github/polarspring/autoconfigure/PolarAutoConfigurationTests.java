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
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarRestClientCustomizer;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.conformance.ConformanceAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.test.MockServerRestClientCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.created;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarAutoConfiguration}.
 */
class PolarAutoConfigurationTests {

	private static final String TOKEN = "polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final String SESSION = """
			{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""";

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(PolarAutoConfiguration.class,
			ConformanceAutoConfiguration.class, RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, JacksonAutoConfiguration.class);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	private ApplicationContextRunner withPolar() {
		polar.stubFor(any(anyUrl()).willReturn(created().withBody(SESSION)));
		return this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN,
				"polar.base-url=http://localhost:" + polar.getPort(), "polar.products.pro=" + PRO);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "polar.access-token=", "polar.access-token=  " })
	void withoutTokenTheApplicationStartsAsLongAsNothingNeedsPolar(String property) {
		this.contextRunner.withPropertyValues(property.isEmpty() ? new String[0] : new String[] { property })
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatExceptionOfType(Exception.class)
					.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class))
					.withRootCauseInstanceOf(PolarConfigurationException.class);
			});
	}

	@Test
	void withoutTokenWhatNeedsPolarFailsTheStartAndTheAnalysisSaysWhatToSet() {
		this.contextRunner.withUserConfiguration(NeedsPolar.class).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new PolarConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).startsWith("Polar access token is not configured.")
				.contains("Required by bean 'shop' (" + NeedsPolar.class.getName() + ")");
			assertThat(analysis.getAction()).contains("'polar.access-token'", "POLAR_ACCESS_TOKEN",
					"polar-spring-boot-test");
		});
	}

	@Test
	void tokenAndEnvironmentAreEnough() {
		this.contextRunner.withPropertyValues("polar.accessToken=" + TOKEN, "polar.environment=SANDBOX")
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PolarConnectionDetails details = context.getBean(PolarConnectionDetails.class);
				assertThat(details.getAccessToken()).isEqualTo(TOKEN);
				assertThat(details.getBaseUrl()).hasToString("https://sandbox-api.polar.sh");
				assertThat(details.toString()).doesNotContain(TOKEN);
			});
	}

	@Test
	void createsASessionForANamedProduct() {
		withPolar().withUserConfiguration(NeedsPolar.class).run((context) -> {
			assertThat(context.getBean(Shop.class).checkouts()).isInstanceOf(PolarCheckoutTemplate.class);
			context.getBean(Shop.class).checkouts().create(CheckoutRequest.forProducts("pro").build());
			polar.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
				.withHeader("Authorization", equalTo("Bearer " + TOKEN))
				.withHeader("Polar-Version", equalTo("2026-10"))
				.withHeader("Content-Length", equalTo("91"))
				.withHeader("Transfer-Encoding", absent())
				.withRequestBody(equalToJson("""
						{"products":["%s"],"metadata":{"checkout_buyer":"guest"}}""".formatted(PRO))));
		});
	}

	@Test
	void otherApiVersionIsAskedFor() {
		withPolar().withPropertyValues("polar.api-version=2027-01").run((context) -> {
			context.getBean(PolarCheckoutOperations.class).create(CheckoutRequest.forProducts(PRO).build());
			polar.verify(postRequestedFor(anyUrl()).withHeader("Polar-Version", equalTo("2027-01")));
		});
	}

	@Test
	void settingsOfTheApplicationsJsonAndRestClientChangeNothing() {
		withPolar()
			.withPropertyValues("spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE",
					"spring.jackson.default-property-inclusion=always",
					"spring.jackson.deserialization.fail-on-unknown-properties=true",
					"spring.jackson.mapper.accept-case-insensitive-enums=false",
					"spring.jackson.datatype.datetime.write-dates-as-timestamps=true",
					"spring.http.clients.read-timeout=1ns", "spring.http.clients.redirects=follow")
			.withUserConfiguration(HostileCustomizers.class)
			.run((context) -> {
				context.getBean(PolarCheckoutOperations.class)
					.create(CheckoutRequest.forProducts("pro").customerName("Ada").metadata("a", 1).build());
				polar.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
					.withHeader("Authorization", equalTo("Bearer " + TOKEN))
					.withHeader("Polar-Version", equalTo("2026-10"))
					.withHeader("Content-Type", equalTo("application/json"))
					.withRequestBody(equalToJson("""
							{"products":["%s"],"customer_name":"Ada","metadata":{"a":1,"checkout_buyer":"guest"}}"""
						.formatted(PRO))));
			});
	}

	@Test
	void applicationsCustomizersRunBeforePolarsOwn() {
		withPolar().withUserConfiguration(OrderedCustomizers.class).run((context) -> {
			context.getBean(PolarCheckoutOperations.class).create(CheckoutRequest.forProducts("pro").build());
			polar.verify(postRequestedFor(anyUrl()).withHeader("X-Order", equalTo("polar")));
		});
	}

	@Test
	void redirectIsNotFollowedEvenIfTheApplicationSetsARequestFactory() {
		polar.stubFor(any(urlEqualTo("/v1/checkouts/")).willReturn(
				aResponse().withStatus(307).withHeader("Location", "http://127.0.0.1:" + polar.getPort() + "/stolen")));
		for (RestClientCustomizer customizer : List.<RestClientCustomizer>of((builder) -> {
		}, (builder) -> builder.requestFactory(ClientHttpRequestFactoryBuilder.detect().build()))) {
			this.contextRunner
				.withPropertyValues("polar.access-token=" + TOKEN, "polar.base-url=http://localhost:" + polar.getPort(),
						"spring.http.clients.redirects=follow")
				.withBean(RestClientCustomizer.class, () -> customizer)
				.run((context) -> assertThatExceptionOfType(PolarConnectionException.class)
					.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class)
						.create(CheckoutRequest.forProducts(PRO).build()))
					.withMessageContaining("redirects are not followed"));
		}
		polar.verify(0, postRequestedFor(urlEqualTo("/stolen")));
		polar.verify(2, postRequestedFor(urlEqualTo("/v1/checkouts/")));
	}

	@Test
	void requestFactoryOfAGeneralCustomizerDoesNotReplaceTheBoundedOne() {
		AtomicInteger requests = new AtomicInteger();
		withPolar().withBean(RestClientCustomizer.class, () -> (builder) -> builder.requestFactory((uri, method) -> {
			requests.incrementAndGet();
			throw new IllegalStateException("not bounded");
		}).defaultHeader("X-Shop", "1")).run((context) -> {
			context.getBean(PolarCheckoutOperations.class).create(CheckoutRequest.forProducts("pro").build());
			polar.verify(postRequestedFor(anyUrl()).withHeader("X-Shop", equalTo("1")));
		});
		assertThat(requests).hasValue(0);
	}

	@Test
	void redirectIsNotFollowedEvenIfTheClientIsCustomizedToDoSo() {
		ApplicationContextRunner withPolar = withPolar();
		polar.stubFor(any(urlEqualTo("/v1/checkouts/")).willReturn(
				aResponse().withStatus(307).withHeader("Location", "http://127.0.0.1:" + polar.getPort() + "/stolen")));
		withPolar
			.withBean(ClientHttpRequestFactoryBuilder.class,
					() -> ClientHttpRequestFactoryBuilder.jdk()
						.withHttpClientCustomizer((client) -> client.followRedirects(HttpClient.Redirect.ALWAYS)))
			.run((context) -> assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class)
					.create(CheckoutRequest.forProducts(PRO).build()))
				.withMessageContaining("redirects are not followed"));
		polar.verify(0, postRequestedFor(urlEqualTo("/stolen")));
	}

	@Test
	void clientOfTheApplicationIsCustomized() {
		AtomicInteger tasks = new AtomicInteger();
		ExecutorService executor = Executors.newCachedThreadPool();
		try {
			withPolar().withBean(ClientHttpRequestFactoryBuilder.class,
					() -> ClientHttpRequestFactoryBuilder.jdk().withExecutor((task) -> {
						tasks.incrementAndGet();
						executor.execute(task);
					}))
				.run((context) -> assertThat(context.getBean(PolarClient.class).get(Map.class, "/v1/things"))
					.containsEntry("status", "open"));
		}
		finally {
			executor.shutdown();
		}
		assertThat(tasks).hasPositiveValue();
	}

	@Test
	void requestFactoryBuilderOfTheApplicationIsUsed() {
		List<HttpClientSettings> seen = new ArrayList<>();
		ClientHttpRequestFactoryBuilder<JdkClientHttpRequestFactory> own = (settings) -> {
			seen.add(settings);
			return ClientHttpRequestFactoryBuilder.jdk().build(settings);
		};
		withPolar().withBean(ClientHttpRequestFactoryBuilder.class, () -> own)
			.withBean(HttpClientSettings.class,
					() -> HttpClientSettings.defaults().withSslBundle(mock()).withRedirects(HttpRedirects.FOLLOW))
			.withPropertyValues("polar.http.connect-timeout=3s", "polar.http.read-timeout=4s")
			.run((context) -> {
				assertThat(context.getBean(PolarClient.class)).isNotNull();
				assertThat(seen).singleElement().satisfies((settings) -> {
					assertThat(settings.sslBundle()).isNotNull();
					assertThat(settings.redirects()).isEqualTo(HttpRedirects.DONT_FOLLOW);
					assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
					assertThat(settings.readTimeout()).isEqualTo(Duration.ofSeconds(4));
				});
			});
	}

	@Test
	void noAttemptIsLongerThanTheWhole() {
		List<HttpClientSettings> seen = new ArrayList<>();
		ClientHttpRequestFactoryBuilder<JdkClientHttpRequestFactory> own = (settings) -> {
			seen.add(settings);
			return ClientHttpRequestFactoryBuilder.jdk().build(settings);
		};
		withPolar().withBean(ClientHttpRequestFactoryBuilder.class, () -> own)
			.withPropertyValues("polar.http.total-timeout=4s")
			.run((context) -> {
				assertThat(context.getBean(PolarClient.class)).isNotNull();
				assertThat(seen).singleElement()
					.satisfies((settings) -> assertThat(settings.readTimeout()).isEqualTo(Duration.ofSeconds(4)));
			});
	}

	@Test
	void effectIsLookedForAsLongAsConfigured() {
		AtomicInteger looks = new AtomicInteger();
		withPolar().withPropertyValues("polar.outcome-timeout=40ms").run((context) -> {
			polar.stubFor(any(anyUrl()).willReturn(serverError()));
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> context.getBean(PolarClient.class)
					.call(HttpMethod.PATCH, "/v1/things/")
					.retrieveOnce(Map.class, (client) -> {
						looks.incrementAndGet();
						return Optional.empty();
					}));
		});
		assertThat(looks).hasValue(2);
	}

	@ParameterizedTest
	@CsvSource({ "max-concurrent-calls=0,It must be at least 1", "retry.max-attempts=0,It must be at least 1",
			"retry.initial-delay=0s,It must be at least 1ms",
			"retry.max-delay=100ms,'It must not be less than polar.http.retry.initial-delay, which is 200 ms'" })
	void limitThatMakesNoSenseFailsTheStart(String property, String reason) {
		withPolar().withPropertyValues("polar.http." + property)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.extracting((ex) -> ((InvalidConfigurationPropertyValueException) ex).getReason())
				.asString()
				.startsWith(reason));
	}

	@Test
	void http2IsNotSpokenWithPolar() {
		polar.stubFor(any(anyUrl()).willReturn(okJson(SESSION)));
		withPolar().run((context) -> {
			context.getBean(PolarClient.class).get(Map.class, "/v1/things/");
			polar.verify(getRequestedFor(urlEqualTo("/v1/things/")).withoutHeader("Upgrade"));
		});
	}

	@Test
	void simpleHttpClientIsReplaced() {
		polar.stubFor(any(anyUrl()).willReturn(okJson(SESSION)));
		withPolar().withPropertyValues("spring.http.clients.imperative.factory=simple").run((context) -> {
			context.getBean(PolarClient.class).patch(Map.class, "/v1/things/", Map.of());
			polar.verify(patchRequestedFor(urlEqualTo("/v1/things/")));
		});
	}

	@Test
	void childContextHasATemplateOfItsOwn() {
		this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN)
			.run((parent) -> this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN)
				.withParent(parent)
				.run((context) -> assertThat(context.getBean(PolarCheckoutOperations.class))
					.isNotSameAs(parent.getBean(PolarCheckoutOperations.class))));
	}

	@Test
	void requestFactoryOfAPolarCustomizerIsUsed() {
		MockServerRestClientCustomizer mockServer = new MockServerRestClientCustomizer();
		this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN)
			.withBean(PolarRestClientCustomizer.class, () -> mockServer::customize)
			.run((context) -> {
				PolarCheckoutOperations checkouts = context.getBean(PolarCheckoutOperations.class);
				mockServer.getServer()
					.expect(MockRestRequestMatchers
						.requestTo("https://api.polar.sh/v1/checkouts/8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"))
					.andRespond(MockRestResponseCreators.withSuccess(SESSION, MediaType.APPLICATION_JSON));
				assertThat(checkouts.get(UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018")).url())
					.isEqualTo("https://polar.sh/checkout/polar_c_x");
			});
	}

	@Test
	void timeoutsReachTheRequestFactory() {
		polar.stubFor(any(anyUrl()).willReturn(okJson(SESSION).withFixedDelay(5000)));
		this.contextRunner
			.withPropertyValues("polar.access-token=" + TOKEN, "polar.base-url=http://localhost:" + polar.getPort(),
					"polar.http.read-timeout=100ms")
			.run((context) -> assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class).get(PRO))
				.withMessageContaining("timed out"));
	}

	@Test
	void customizersAndDefaultsApply() {
		withPolar()
			.withPropertyValues("polar.checkout.success-url=/thanks?id={CHECKOUT_ID}",
					"polar.checkout.return-url=https://www.shop.example/",
					"polar.checkout.application-url=https://shop.example")
			.withBean(CheckoutRequestCustomizer.class, () -> (checkout) -> checkout.metadata("tenant", "acme"))
			.run((context) -> {
				context.getBean(PolarCheckoutOperations.class).create(CheckoutRequest.forProducts("pro").build());
				polar.verify(postRequestedFor(anyUrl()).withRequestBody(equalToJson("""
						{"products":["%s"],"metadata":{"tenant":"acme","checkout_buyer":"guest"},
						"success_url":"https://shop.example/thanks?id={CHECKOUT_ID}",
						"return_url":"https://www.shop.example/"}""".formatted(PRO))));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar.checkout.success-url=/thanks", "polar.checkout.return-url=/" })
	void pathNeedsTheApplicationUrlInProduction(String property) {
		this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN, property)
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new PolarConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription()).contains(property.substring(0, property.indexOf('=')));
				assertThat(analysis.getAction()).contains("polar.checkout.application-url");
			});
		this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN, property, "polar.environment=sandbox")
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "polar.checkout.success-url,thanks", "polar.checkout.success-url,//evil.example",
			"polar.checkout.return-url,shop://x", "polar.checkout.application-url,shop.example",
			"polar.checkout.application-url,https://user@shop.example",
			"polar.checkout.application-url,https://my_shop.example",
			"polar.checkout.application-url,https://shop.example:abc", "polar.base-url,http://api.polar.sh" })
	void wrongUrlFailsTheStartNamingTheProperty(String property, String value) {
		this.contextRunner.withPropertyValues("polar.access-token=" + TOKEN, property + "=" + value)
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).rootCause()
					.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
						assertThat(ex.getName()).isEqualTo(property);
						assertThat(ex.getValue()).hasToString(value);
					});
			});
	}

	@Test
	void passwordInTheBaseUrlIsNotRepeated() {
		this.contextRunner.withPropertyValues("polar.base-url=https://user:secret@api.polar.sh").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageNotContaining("secret");
		});
	}

	@ParameterizedTest
	@CsvSource({ "polar.products.pro,b2a7c0de", "polar.environment,staging", "polar.http.read-timeout,soon" })
	void wrongValueIsBootsOwnBindingError(String property, String value) {
		this.contextRunner.withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining(property)
				.hasStackTraceContaining(BindException.class.getName());
		});
	}

	@ParameterizedTest
	@CsvSource({ "polar.api-version,2026-4", "polar.http.read-timeout,0s", "polar.http.total-timeout,-1s",
			"polar.http.connect-timeout,0" })
	void valueOutOfRangeNamesTheProperty(String property, String value) {
		this.contextRunner.withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo(property));
		});
	}

	@Test
	void productNamesThatCollideFailTheStart() {
		this.contextRunner
			.withPropertyValues("polar.products.team-yearly=" + PRO, "polar.products[team_yearly]=" + UUID.randomUUID())
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("more than once");
			});
	}

	@Test
	void beansBackOffForTheApplicationsOwn() {
		PolarCheckoutOperations operations = mock();
		this.contextRunner.withBean(PolarCheckoutOperations.class, () -> operations)
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Shop.class).checkouts()).isSameAs(operations);
			});
		PolarClient client = PolarClient.builder().accessToken(TOKEN).build();
		PolarProducts products = new PolarProducts(Map.of("own", PRO));
		this.contextRunner.withBean(PolarClient.class, () -> client)
			.withBean(PolarProducts.class, () -> products)
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(PolarClient.class)).isSameAs(client);
				assertThat(context.getBean(PolarProducts.class)).isSameAs(products);
			});
	}

	@Test
	void connectionDetailsReplaceTheProperties() {
		withPolar().withPropertyValues("polar.access-token=", "polar.base-url=https://elsewhere.example")
			.withUserConfiguration(OwnConnectionDetails.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(PropertiesPolarConnectionDetails.class);
				context.getBean(PolarCheckoutOperations.class).create(CheckoutRequest.forProducts("pro").build());
				polar.verify(postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer own")));
			});
	}

	@Test
	void connectionDetailsCanSayWhyThereIsNoToken() {
		this.contextRunner.withBean(PolarConnectionDetails.class, () -> new PolarConnectionDetails() {

			@Override
			public URI getBaseUrl() {
				return URI.create("https://api.polar.sh");
			}

			@Override
			public @Nullable String getAccessToken() {
				return null;
			}

			@Override
			public String getMissingAccessTokenReason() {
				return "The vault is sealed.";
			}

		})
			.withUserConfiguration(NeedsPolar.class)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage("Polar access token is not configured. The vault is sealed."));
	}

	record Shop(PolarCheckoutOperations checkouts) {

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsPolar {

		@Bean
		Shop shop(PolarCheckoutOperations checkouts) {
			return new Shop(checkouts);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HostileCustomizers {

		@Bean
		RestClientCustomizer hostileRestClientCustomizer() {
			return this::beHostile;
		}

		@Bean
		PolarRestClientCustomizer hostilePolarRestClientCustomizer() {
			return this::beHostile;
		}

		private void beHostile(RestClient.Builder builder) {
			builder.baseUrl("https://evil.example")
				.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer stolen")
				.defaultHeader("Polar-Version", "1999-01")
				.defaultHeader(HttpHeaders.CONTENT_TYPE, "application/xml")
				.defaultStatusHandler((status) -> true, (request, response) -> {
					throw new IllegalStateException("status handler");
				});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OrderedCustomizers {

		@Bean
		@Order(0)
		PolarRestClientCustomizer polarCustomizer() {
			return (builder) -> builder.defaultHeader("X-Order", "polar");
		}

		@Bean
		RestClientCustomizer generalCustomizer() {
			return (builder) -> builder.defaultHeader("X-Order", "general");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnectionDetails {

		@Bean
		PolarConnectionDetails ownConnectionDetails() {
			return new PolarConnectionDetails() {

				@Override
				public URI getBaseUrl() {
					return URI.create("http://localhost:" + polar.getPort());
				}

				@Override
				public String getAccessToken() {
					return "own";
				}

			};
		}

	}

}
