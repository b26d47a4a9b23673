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

package io.github.polarspring.smoke.migration.byhand;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
class BillingExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(BillingExceptionHandler.class);

	@ExceptionHandler({ UpgradeRequiredException.class, UsageLimitExceededException.class })
	ResponseEntity<Void> upgradeRequired(RuntimeException ex) {
		return CheckoutController.redirect("/");
	}

	@ExceptionHandler
	ResponseEntity<String> polarFailed(PolarApiException ex) {
		logger.error("A call to Polar failed", ex);
		if (ex.isPaymentRequired()) {
			return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).body("Your card was declined.");
		}
		return ResponseEntity.status(HttpStatus.BAD_GATEWAY).body("Payments are not available. Try again later.");
	}

}
