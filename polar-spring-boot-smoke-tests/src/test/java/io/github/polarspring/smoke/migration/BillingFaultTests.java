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

package io.github.polarspring.smoke.migration;

import java.time.Duration;
import java.util.UUID;

import io.github.polarspring.smoke.ApplicationWith;
import io.github.polarspring.test.PolarFault;

import static io.github.polarspring.smoke.Library.ASPECTJ;
import static io.github.polarspring.smoke.Library.BROWSER;
import static io.github.polarspring.smoke.Library.CACHE;
import static io.github.polarspring.smoke.Library.FAKE;
import static io.github.polarspring.smoke.Library.JDBC;
import static io.github.polarspring.smoke.Library.SECURITY;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for faults of the hand-written shop. Each is shown by two tests with the same
 * steps, one of which shows that the starter does not have the fault.
 */
class BillingFaultTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void purchaseDuringDatabaseOutageIsLostByHand() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.BY_HAND)) {
			Customer alice = buyDuringDatabaseOutage(shop);
			assertThat(shop.polar().webhooks().deliveries()).isNotEmpty()
				.allMatch((delivery) -> delivery.status() == 200);
			assertThat(alice.readsReport()).isFalse();
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void purchaseDuringDatabaseOutageIsKeptWithStarter() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.WITH_STARTER)) {
			Customer alice = buyDuringDatabaseOutage(shop);
			assertThat(shop.polar().webhooks().deliveries()).anyMatch((delivery) -> delivery.status() == 503);
			await().atMost(TIMEOUT).until(alice::readsReport);
		}
	}

	private static Customer buyDuringDatabaseOutage(MigratedShop shop) throws Exception {
		Customer alice = Customer.logIn(shop, "alice");
		assertThat(alice.readsReport()).isFalse();
		UUID session = alice.checkOut("pro");
		shop.database().down(true);
		shop.polar().pay(session, "alice@example.com");
		shop.database().down(false);
		return alice;
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void purchaseWithEmailOfAnotherUserIsTheirsByHand() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.BY_HAND)) {
			Customer bob = buyAsBobWithEmailOfAlice(shop);
			assertThat(bob.readsReport()).isFalse();
			assertThat(Customer.logIn(shop, "alice").readsReport()).isTrue();
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void purchaseWithEmailOfAnotherUserIsTheBuyersWithStarter() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.WITH_STARTER)) {
			Customer bob = buyAsBobWithEmailOfAlice(shop);
			await().atMost(TIMEOUT).until(bob::readsReport);
			assertThat(Customer.logIn(shop, "alice").readsReport()).isFalse();
		}
	}

	private static Customer buyAsBobWithEmailOfAlice(MigratedShop shop) throws Exception {
		Customer bob = Customer.logIn(shop, "bob");
		shop.polar().pay(bob.checkOut("pro"), "alice@example.com");
		return bob;
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void restartResetsUsageByHand() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.BY_HAND)) {
			Customer alice = useUpAndRestart(shop);
			assertThat(alice.summarizes()).isTrue();
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void restartKeepsUsageWithStarter() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.WITH_STARTER)) {
			Customer alice = useUpAndRestart(shop);
			assertThat(alice.summarizes()).isFalse();
		}
	}

	private static Customer useUpAndRestart(MigratedShop shop) throws Exception {
		Customer alice = buyPro(shop);
		for (int i = 0; i < 3; i++) {
			assertThat(alice.summarizes()).isTrue();
		}
		assertThat(alice.summarizes()).isFalse();
		shop.restart();
		alice.logIn();
		return alice;
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void outageOfPolarLocksCustomersOutByHand() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.BY_HAND)) {
			Customer alice = buyPro(shop);
			shop.polar().injectFault(PolarFault.serverError(), Integer.MAX_VALUE);
			assertThat(alice.readsReport()).isFalse();
		}
	}

	/**
	 * Nothing is remembered for longer than a millisecond unless Polar is down.
	 */
	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY, JDBC, CACHE, ASPECTJ, FAKE, BROWSER })
	void outageOfPolarLocksNoCustomerOutWithStarter() throws Exception {
		try (MigratedShop shop = MigratedShop.start(Implementation.WITH_STARTER, "polar.entitlements.fresh-for=1ms")) {
			Customer alice = buyPro(shop);
			shop.polar().injectFault(PolarFault.serverError(), Integer.MAX_VALUE);
			shop.polar().wireMock().resetRequests();
			assertThat(alice.readsReport()).isTrue();
			assertThat(shop.polar().wireMock().getAllServeEvents())
				.anyMatch((event) -> event.getResponse().getStatus() == 500);
		}
	}

	private static Customer buyPro(MigratedShop shop) throws Exception {
		Customer alice = Customer.logIn(shop, "alice");
		shop.polar().pay(alice.checkOut("pro"), "alice@example.com");
		await().atMost(TIMEOUT).until(alice::readsReport);
		return alice;
	}

}
