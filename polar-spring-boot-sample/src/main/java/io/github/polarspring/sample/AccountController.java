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

package io.github.polarspring.sample;

import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.customer.PolarAccounts;
import io.github.polarspring.sample.Orders.Purchase;
import io.github.polarspring.sample.Subscriptions.Term;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * Shows the purchases of the logged-in customer.
 */
@Controller
class AccountController {

	private final Orders orders;

	private final Subscriptions subscriptions;

	private final PolarAccounts accounts;

	private final PolarConnectionDetails polar;

	AccountController(Orders orders, Subscriptions subscriptions, PolarAccounts accounts,
			PolarConnectionDetails polar) {
		this.orders = orders;
		this.subscriptions = subscriptions;
		this.accounts = accounts;
		this.polar = polar;
	}

	@GetMapping("/account")
	String account(Principal customer, Model model) {
		List<Purchase> purchases = this.orders.of(customer.getName());
		List<Term> terms = this.subscriptions.of(customer.getName());
		model.addAttribute("orders", purchases);
		model.addAttribute("subscriptions", terms);
		model.addAttribute("entitlements", entitlements(purchases, terms));
		model.addAttribute("dashboard", FakePolar.is(this.polar) ? this.polar.getBaseUrl() + "/dashboard" : null);
		return "account";
	}

	/**
	 * Close the account: subscriptions end, and Polar and the inbox forget the customer.
	 * The shop keeps its orders. A shop with a table of users would now delete the user.
	 */
	@PostMapping("/account/close")
	String close(Principal customer, HttpServletRequest request) throws ServletException {
		this.accounts.close(customer.getName());
		request.logout();
		return "redirect:/";
	}

	/**
	 * Return the products that the customer can use: subscriptions that give access, and
	 * one-time purchases that were not refunded.
	 */
	private static Set<String> entitlements(List<Purchase> purchases, List<Term> terms) {
		Set<String> entitlements = new TreeSet<>();
		purchases.stream()
			.filter((purchase) -> !purchase.isRefunded() && !purchase.recurring())
			.map(Purchase::product)
			.forEach(entitlements::add);
		terms.stream().filter(Term::isUsable).map(Term::product).forEach(entitlements::add);
		return entitlements;
	}

}
