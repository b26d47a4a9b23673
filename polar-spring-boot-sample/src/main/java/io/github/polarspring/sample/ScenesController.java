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

import io.github.polarspring.entitlement.Entitlements;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.usage.PolarUsage;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The product itself: customers make scenes. How many they can have, and whether they can
 * export them, depends on what they bought.
 */
@Controller
class ScenesController {

	private final Scenes scenes;

	private final PolarEntitlements entitlements;

	private final PolarUsage usage;

	ScenesController(Scenes scenes, PolarEntitlements entitlements, PolarUsage usage) {
		this.scenes = scenes;
		this.entitlements = entitlements;
		this.usage = usage;
	}

	@GetMapping("/scenes")
	String scenes(Principal customer, Model model) {
		Entitlements current = this.entitlements.current();
		List<String> scenes = this.scenes.of(customer.getName());
		model.addAttribute("scenes", scenes);
		model.addAttribute("limit", current.limit("scenes"));
		model.addAttribute("full", scenes.size() >= current.limit("scenes"));
		model.addAttribute("problem", current.paymentProblem().orElse(null));
		return "scenes";
	}

	@PostMapping("/scenes")
	String add(Principal customer, @RequestParam String name) {
		if (this.scenes.of(customer.getName()).size() < this.entitlements.current().limit("scenes")) {
			this.scenes.add(customer.getName(), name);
		}
		return "redirect:/scenes";
	}

	@GetMapping("/scenes/renderings")
	String renderings(Model model) {
		model.addAttribute("balance", this.usage.balance("renderings"));
		return "renderings";
	}

	/**
	 * A customer who has no renderings left is redirected to the upgrade page.
	 */
	@PostMapping("/scenes/renderings")
	String render(@RequestParam @Min(1) @Max(10) int images) {
		this.usage.consume("renderings", images);
		return "redirect:/scenes/renderings";
	}

	@GetMapping("/scenes/export")
	@PolarEntitled("export")
	String export(Principal customer, Model model) {
		model.addAttribute("scenes", this.scenes.of(customer.getName()));
		return "export";
	}

	@GetMapping("/upgrade")
	String upgrade() {
		return "upgrade";
	}

}
