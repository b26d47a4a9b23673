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

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks language tags like Polar: they must be well formed by BCP 47, and all their
 * parts must be registered. The registry is that of the JDK, which lacks some rare
 * languages.
 */
final class FakeLanguage {

	private static final Pattern TAG = Pattern.compile("(?<language>[a-z]{2,3})(?:-(?<extended>[a-z]{3}))?"
			+ "(?:-(?<script>[a-z]{4}))?(?:-(?<region>[a-z]{2}|\\d{3}))?"
			+ "(?<variants>(?:-(?:[a-z0-9]{5,8}|\\d[a-z0-9]{3}))*)(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
			+ "(?:-x(?:-[a-z0-9]{1,8})+)?");

	private static final Set<String> GRANDFATHERED = Set.of("art-lojban", "cel-gaulish", "en-gb-oed", "i-ami", "i-bnn",
			"i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay",
			"i-tsu", "no-bok", "no-nyn", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de", "zh-guoyu", "zh-hakka", "zh-min-nan",
			"zh-xiang");

	/**
	 * Languages, and some that are registered, but have no name in the JDK.
	 */
	private static final Set<String> LANGUAGES = Stream
		.concat(Arrays.stream(Locale.getISOLanguages())
			.flatMap((language) -> Stream.of(language, Locale.forLanguageTag(language).getISO3Language())),
				Stream.of("cmn", "in", "iw", "ji", "jw", "mis", "mo", "sh"))
		.collect(Collectors.toUnmodifiableSet());

	/**
	 * Regions that once were registered, or that are reserved for private use.
	 */
	private static final Set<String> OTHER_REGIONS = Set.of("AA", "AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "UK",
			"YD", "YU", "ZR", "ZZ");

	private static final Set<String> VARIANTS = Set.of("1606nict", "1694acad", "1901", "1959acad", "1994", "1996",
			"abl1943", "akuapem", "alalc97", "aluku", "ao1990", "aranes", "arevela", "arevmda", "arkaika", "asante",
			"auvern", "baku1926", "balanka", "barla", "basiceng", "bauddha", "biscayan", "biske", "bohoric", "boont",
			"bornholm", "cisaup", "colb1945", "cornu", "creiss", "dajnko", "ekavsk", "emodeng", "fonipa", "fonkirsh",
			"fonnapa", "fonupa", "fonxsamp", "gallo", "gascon", "grclass", "grital", "grmistr", "hepburn", "heploc",
			"hognorsk", "hsistemo", "ijekavsk", "itihasa", "ivanchov", "jauer", "jyutping", "kkcor", "kleinsch",
			"kociewie", "kscor", "laukika", "lemosin", "lengadoc", "lipaw", "luna1918", "metelko", "monoton", "ndyuka",
			"nedis", "newfound", "nicard", "njiva", "nulik", "osojs", "oxendict", "pahawh2", "pahawh3", "pahawh4",
			"pamaka", "peano", "petr1708", "pinyin", "polyton", "provenc", "puter", "rigik", "rozaj", "rumgr",
			"scotland", "scouse", "simple", "solba", "sotav", "spanglis", "surmiran", "sursilv", "sutsilv", "synnejyl",
			"tarask", "tongyong", "tunumiis", "uccor", "ucrcor", "ulster", "unifon", "vaidika", "valencia", "vallader",
			"vecdruka", "vivaraup", "wadegile", "xsistemo");

	private FakeLanguage() {
	}

	static boolean isValid(String text) {
		String tag = text.toLowerCase(Locale.ROOT).replace('_', '-');
		if (GRANDFATHERED.contains(tag)) {
			return true;
		}
		Matcher parts = TAG.matcher(tag);
		return parts.matches() && isLanguage(parts.group("language"))
				&& (parts.group("extended") == null || isExtended(parts.group("extended")))
				&& (parts.group("script") == null || isScript(parts.group("script")))
				&& (parts.group("region") == null || isRegion(parts.group("region")))
				&& Arrays.stream(parts.group("variants").split("-"))
					.allMatch((variant) -> variant.isEmpty() || VARIANTS.contains(variant));
	}

	private static boolean isLanguage(String language) {
		return !language.equals("und") && (LANGUAGES.contains(language)
				|| isNamed(language, Locale.forLanguageTag(language).getDisplayLanguage(Locale.ENGLISH))
				|| language.matches("q[a-t][a-z]"));
	}

	/**
	 * Return whether this is a language or a country, such as {@code USA} in
	 * {@code en-USA}, which Polar accepts.
	 */
	private static boolean isExtended(String part) {
		return isLanguage(part)
				|| Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA3).contains(part.toUpperCase(Locale.ROOT));
	}

	private static boolean isScript(String script) {
		String name = Character.toUpperCase(script.charAt(0)) + script.substring(1);
		return isNamed(name, new Locale.Builder().setScript(name).build().getDisplayScript(Locale.ENGLISH));
	}

	private static boolean isRegion(String region) {
		String code = region.toUpperCase(Locale.ROOT);
		return OTHER_REGIONS.contains(code) || code.matches("Q[M-Z]|X[A-Z]")
				|| isNamed(code, new Locale.Builder().setRegion(code).build().getDisplayCountry(Locale.ENGLISH));
	}

	private static boolean isNamed(String code, String name) {
		return !code.equalsIgnoreCase(name);
	}

}
