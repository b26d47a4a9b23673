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

package io.github.polarspring.test;

import java.util.regex.Pattern;

/**
 * Hides secrets in texts that are shown on pages.
 */
final class FakeSecrets {

	private static final Pattern SECRET = Pattern.compile("((?:polar_[a-z]+|pi_fake_secret)_)\\w+");

	private FakeSecrets() {
	}

	/**
	 * Return the text with the prefixes of secrets only.
	 */
	static String hide(String text) {
		return SECRET.matcher(text).replaceAll("$1…");
	}

}
