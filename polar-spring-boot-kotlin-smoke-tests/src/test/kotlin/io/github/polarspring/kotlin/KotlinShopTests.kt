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

package io.github.polarspring.kotlin

import io.github.polarspring.PolarConfigurationException
import io.github.polarspring.checkout.CheckoutRequest
import io.github.polarspring.checkout.PolarCheckoutOperations
import io.github.polarspring.model.CheckoutSession
import io.github.polarspring.model.Order
import io.github.polarspring.test.PolarFake
import io.github.polarspring.test.context.WithPolarFake
import io.github.polarspring.usage.PolarMetered
import io.github.polarspring.web.CheckoutOutcome
import io.github.polarspring.web.PolarCheckout
import io.github.polarspring.web.PolarCheckoutReturn
import io.github.polarspring.webhook.PolarEventListener
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.builder.SpringApplicationBuilder
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment
import org.springframework.boot.test.web.server.LocalServerPort
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import org.springframework.stereotype.Component
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.RestController
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.CopyOnWriteArrayList

/**
 * Tests for an application that is written in Kotlin, with regular and suspending functions.
 */
@WithPolarFake
@SpringBootTest(
	classes = [KotlinShopTests.Application::class],
	webEnvironment = WebEnvironment.RANDOM_PORT,
	properties = ["polar.products.pro=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90", "polar.webhook.inbox=direct"],
)
class KotlinShopTests(
	@param:LocalServerPort private val port: Int,
	@param:Autowired private val polar: PolarFake,
	@param:Autowired private val listener: Listener,
	@param:Autowired private val checkouts: PolarCheckoutOperations,
	@param:Autowired private val exports: Exports,
) {

	private val browser = HttpClient.newHttpClient()

	private fun send(path: String, method: String = "POST"): HttpResponse<String> =
		browser.send(
			HttpRequest.newBuilder(URI.create("http://localhost:$port$path"))
				.method(method, BodyPublishers.noBody())
				.build(),
			BodyHandlers.ofString(),
		)

	@ParameterizedTest
	@ValueSource(
		strings = ["/buy", "/buy/builder?seats=3", "/buy/builder", "/suspend/unit", "/suspend/builder?seats=3",
			"/suspend/request", "/suspend/nullable", "/suspend/session", "/suspend/now"],
	)
	fun functionStartsACheckout(path: String) {
		val response = send(path)
		assertThat(response.statusCode()).isEqualTo(303)
		assertThat(response.headers().firstValue("Location").orElseThrow())
			.startsWith("${polar.baseUrl()}/checkout/")
		val session = checkouts.get(polar.checkoutIds().single())
		assertThat(session.metadata()["seats"]?.toString()).isEqualTo(if ("seats=3" in path) "3" else null)
	}

	@Test
	fun nullCreatesNothing() {
		assertThat(send("/suspend/nullable?known=false").statusCode()).isEqualTo(500)
		assertThat(polar.checkoutIds()).isEmpty()
	}

	@Test
	fun outcomeIsExhaustive() {
		assertThat(send("/thanks", "GET").body()).isEqualTo("unconfirmed")
	}

	@Test
	fun listenerReceivesTheOrder() {
		listener.orders.clear()
		send("/buy")
		polar.pay(polar.checkoutIds().single())
		assertThat(listener.orders).hasSize(1)
	}

	@Test
	fun suspendingListenerIsRejectedWithWhatToDo() {
		assertFailsToStart(SuspendingListener::class.java, "is a suspending function", "runBlocking")
	}

	@Test
	fun otherReturnTypeIsRejectedByItsName() {
		assertFailsToStart(SuspendingString::class.java, "returns String", "Change the return type")
	}

	@Test
	fun successfulCallIsUsage() {
		assertThat(exports.export("one", 3)).isEqualTo("one")
		assertThatThrownBy { exports.export("bad", 3) }.isInstanceOf(IllegalArgumentException::class.java)
		await().untilAsserted {
			assertThat(polar.usage().events().map { it.name() }).containsExactly("export")
		}
	}

	@Test
	fun meteredFunctionThatIsFinalIsRejectedWithWhatToDo() {
		assertFailsToStart(FinalExports::class.java, "its class is final", "In Kotlin, add 'open'")
	}

	@Test
	fun meteredSuspendingFunctionIsRejectedWithWhatToDo() {
		assertFailsToStart(SuspendingExports::class.java, "it returns before its work is done", "PolarUsage.record")
	}

	private fun assertFailsToStart(source: Class<*>, vararg messages: String) {
		assertThatThrownBy {
			SpringApplicationBuilder(Application::class.java, source)
				.properties(
					"server.port=0", "polar.access-token=polar_oat_test", "polar.fake.enabled=false",
					"polar.products.pro=7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90",
				).run()
		}.satisfies({ failure ->
			val text = generateSequence(failure) { it.cause }.joinToString {
				it.toString() + ((it as? PolarConfigurationException)?.action ?: "")
			}
			assertThat(text).contains(*messages)
		})
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop::class, Listener::class, Exports::class)
	class Application

	@RestController
	class Shop(private val checkouts: PolarCheckoutOperations) {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		fun buy() {
		}

		@PostMapping("/buy/builder")
		@PolarCheckout("pro")
		fun buyWithBuilder(checkout: CheckoutRequest.Builder, @RequestParam seats: Int?) {
			seats?.let { checkout.metadata("seats", it.toLong()) }
		}

		@PostMapping("/suspend/unit")
		@PolarCheckout("pro")
		suspend fun suspendUnit() {
			delay(1)
		}

		@PostMapping("/suspend/now")
		@PolarCheckout("pro")
		@Suppress("RedundantSuspendModifier")
		suspend fun suspendNow() {
		}

		@PostMapping("/suspend/builder")
		@PolarCheckout("pro")
		suspend fun suspendBuilder(checkout: CheckoutRequest.Builder, @RequestParam seats: Int?) {
			delay(1)
			seats?.let { checkout.metadata("seats", it.toLong()) }
		}

		@PostMapping("/suspend/request")
		@PolarCheckout
		suspend fun suspendRequest(): CheckoutRequest {
			delay(1)
			return CheckoutRequest.forProducts("pro").build()
		}

		@PostMapping("/suspend/nullable")
		@PolarCheckout
		suspend fun suspendNullable(@RequestParam(defaultValue = "true") known: Boolean): CheckoutRequest? {
			delay(1)
			return if (known) CheckoutRequest.forProducts("pro").build() else null
		}

		@PostMapping("/suspend/session")
		@PolarCheckout
		suspend fun suspendSession(): CheckoutSession {
			val context = checkouts.currentContext()
			delay(1)
			return checkouts.create(CheckoutRequest.forProducts("pro").build(), context)
		}

		@GetMapping("/thanks")
		fun thanks(@PolarCheckoutReturn outcome: CheckoutOutcome): String =
			when (outcome) {
				is CheckoutOutcome.Succeeded -> outcome.session().id().toString()
				is CheckoutOutcome.Failed -> "failed"
				is CheckoutOutcome.Expired -> "expired"
				is CheckoutOutcome.Pending -> "pending"
				is CheckoutOutcome.Unconfirmed -> "unconfirmed"
			}

	}

	@Component
	class Listener {

		val orders = CopyOnWriteArrayList<Order>()

		@PolarEventListener("order.paid")
		fun on(order: Order) = runBlocking {
			delay(1)
			orders += order
		}

	}

	@Component
	open class Exports {

		@PolarMetered("export", metadata = "{form: #form, pages: #pages}", customer = "'team-1'")
		open fun export(form: String, pages: Int): String {
			require(form != "bad")
			return form
		}

	}

	class FinalExports {

		@PolarMetered("export", customer = "'alice'")
		fun export() {
		}

	}

	open class SuspendingExports {

		@PolarMetered("export", customer = "'alice'")
		open suspend fun export() {
			delay(1)
		}

	}

	class SuspendingListener {

		@PolarEventListener("order.paid")
		suspend fun on(order: Order) {
			delay(1)
			println(order.id())
		}

	}

	@RestController
	class SuspendingString {

		@PostMapping("/suspend/string")
		@PolarCheckout("pro")
		suspend fun buy(): String {
			delay(1)
			return "pro"
		}

	}

}
