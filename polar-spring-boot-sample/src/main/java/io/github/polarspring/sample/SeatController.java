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

import io.github.polarspring.PolarApiException;
import io.github.polarspring.seat.PolarSeatOperations;
import io.github.polarspring.seat.SeatAssignment;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Lets customers decide who has the seats that they have bought. Seats of others do not
 * exist in these methods.
 */
@Controller
@RequestMapping("/account/orders/{order}/seats")
class SeatController {

	/**
	 * Spring MVC replaces the variable with the one of the request.
	 */
	private static final String SEATS = "redirect:/account/orders/{order}/seats";

	private final PolarSeatOperations seats;

	SeatController(PolarSeatOperations seats) {
		this.seats = seats;
	}

	@GetMapping
	String seats(@PathVariable UUID order, Model model) {
		model.addAttribute("seats", this.seats.ofCurrentUser().ofOrder(order).read());
		return "seats";
	}

	/**
	 * Give a seat to a person, whom Polar invites. A shop in which these people log in
	 * assigns seats to users instead.
	 */
	@PostMapping
	String assign(@PathVariable UUID order, @RequestParam String email) {
		this.seats.ofCurrentUser().ofOrder(order).assign(SeatAssignment.toEmail(email));
		return SEATS;
	}

	@PostMapping("/{member}/revoke")
	String revoke(@PathVariable UUID order, @PathVariable UUID member) {
		this.seats.ofCurrentUser().ofOrder(order).revoke(member);
		return SEATS;
	}

	/**
	 * The address cannot receive e-mail, or someone else took the last seat.
	 */
	@ExceptionHandler
	String rejected(PolarApiException ex) {
		if (ex.getStatus() == HttpStatus.BAD_REQUEST.value()
				|| ex.getStatus() == HttpStatus.UNPROCESSABLE_CONTENT.value()) {
			return SEATS + "?rejected";
		}
		throw ex;
	}

}
