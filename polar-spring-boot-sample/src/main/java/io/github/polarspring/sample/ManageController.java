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

import java.util.UUID;
import java.util.function.BiFunction;

import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.license.PolarLicenseKeyOperations;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.order.PolarOrderOperations;
import io.github.polarspring.subscription.PolarSubscriptionOperations;
import io.github.polarspring.subscription.Proration;
import io.github.polarspring.subscription.UserSubscriptions;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * Lets customers change what they have bought. What is not theirs does not exist in these
 * methods.
 */
@Controller
class ManageController {

	private static final String ACCOUNT = "redirect:/account";

	private final PolarSubscriptionOperations subscriptions;

	private final PolarOrderOperations orders;

	private final PolarLicenseKeyOperations licenseKeys;

	private final Subscriptions stored;

	ManageController(PolarSubscriptionOperations subscriptions, PolarOrderOperations orders,
			PolarLicenseKeyOperations licenseKeys, Subscriptions stored) {
		this.subscriptions = subscriptions;
		this.orders = orders;
		this.licenseKeys = licenseKeys;
		this.stored = stored;
	}

	/**
	 * Change to the yearly plan. The difference is charged now.
	 */
	@PostMapping("/account/subscriptions/{id}/yearly")
	String yearly(@PathVariable UUID id) {
		return change(id, (own, subscription) -> own.changeProduct(subscription, "cloud-yearly", Proration.INVOICE));
	}

	@PostMapping("/account/subscriptions/{id}/cancel")
	String cancel(@PathVariable UUID id) {
		return change(id, UserSubscriptions::cancelAtPeriodEnd);
	}

	@PostMapping("/account/subscriptions/{id}/keep")
	String keep(@PathVariable UUID id) {
		return change(id, UserSubscriptions::uncancel);
	}

	@PostMapping("/account/subscriptions/{id}/pause")
	String pause(@PathVariable UUID id) {
		return change(id, UserSubscriptions::pauseAtPeriodEnd);
	}

	@PostMapping("/account/subscriptions/{id}/continue")
	String doNotPause(@PathVariable UUID id) {
		return change(id, UserSubscriptions::unpause);
	}

	@PostMapping("/account/subscriptions/{id}/resume")
	String resume(@PathVariable UUID id) {
		return change(id, UserSubscriptions::resume);
	}

	private String change(UUID id, BiFunction<UserSubscriptions, UUID, Subscription> change) {
		this.stored.changed(change.apply(this.subscriptions.ofCurrentUser(), id));
		return ACCOUNT;
	}

	@GetMapping("/account/orders/{id}/invoice")
	String invoice(@PathVariable UUID id) {
		return "redirect:" + this.orders.ofCurrentUser().invoice(id);
	}

	/**
	 * A separate page, because finding the keys takes several calls.
	 */
	@GetMapping("/account/license-keys")
	String licenseKeys(Model model) {
		model.addAttribute("licenseKeys", this.licenseKeys.ofCurrentUser().list());
		return "license-keys";
	}

	@ExceptionHandler
	String unknown(PolarOutcomeUnknownException ex) {
		return ACCOUNT + "?unknown";
	}

	@ExceptionHandler
	String declined(PolarPaymentFailedException ex) {
		return ACCOUNT + "?declined";
	}

	@ExceptionHandler
	String nameless(PolarValidationException ex) {
		if ("MissingInvoiceBillingDetails".equals(ex.getError())) {
			return ACCOUNT + "?nameless";
		}
		throw ex;
	}

}
