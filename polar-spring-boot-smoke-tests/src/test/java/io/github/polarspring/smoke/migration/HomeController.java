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

import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The page with the plans, and with a button for everything that a customer can do.
 */
@RestController
class HomeController {

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	String plans(CsrfToken csrf) {
		return Pages.page("Plans",
				button("/buy/pro", "Buy Pro for $9 per month", csrf) + button("/buy/team", "Buy Team for $29", csrf)
						+ "<p><a href=\"/report\">Read the report</a></p>" + button("/summaries", "Summarize", csrf)
						+ "<p><a href=\"/billing\">Manage billing</a></p>"
						+ button("/plan/team", "Change to Team", csrf));
	}

	private static String button(String path, String label, CsrfToken csrf) {
		return "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"%s\" value=\"%s\"><button>%s</button></form>"
			.formatted(path, csrf.getParameterName(), csrf.getToken(), label);
	}

}
