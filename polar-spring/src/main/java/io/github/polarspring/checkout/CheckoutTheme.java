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

import java.util.Locale;

/**
 * Colors of Polar's checkout page. By default, the page uses the buyer's setting.
 *
 * @since 0.1.0
 */
public enum CheckoutTheme {

	/**
	 * Dark text on a light background.
	 */
	LIGHT,

	/**
	 * Light text on a dark background.
	 */
	DARK;

	/**
	 * Return the URL of a checkout page with this theme.
	 * @param url the {@linkplain io.github.polarspring.model.CheckoutSession#url() URL}
	 * of a session
	 * @return the URL with the theme, or unchanged if it already contains one
	 */
	public String applyTo(String url) {
		return CheckoutUrl.withParameter(url, "theme", name().toLowerCase(Locale.ROOT));
	}

}
