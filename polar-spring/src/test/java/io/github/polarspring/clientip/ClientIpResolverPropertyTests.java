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

package io.github.polarspring.clientip;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of every {@link ClientIpResolver}, whatever a request says.
 */
class ClientIpResolverPropertyTests {

	/**
	 * What the tests' own hosts file gives for names that must not be looked up.
	 */
	private static final String LOOKED_UP = "198.51.100.99";

	private static final List<String> TRUSTED = List.of("private", "cloudflare", "203.0.113.0/24", "2001:db8:1::/48");

	private static final IpRanges TRUSTED_RANGES = IpRanges.parse(TRUSTED);

	private static final List<ClientIpResolver> RESOLVERS = List.of(ClientIpResolver.of(TRUSTED),
			ClientIpResolver.of(TRUSTED, List.of("Forwarded", "X-Forwarded-For", "X-Real-IP")),
			ClientIpResolver.of(TRUSTED, List.of("X-Forwarded-For")),
			ClientIpResolver.of(TRUSTED, List.of("CF-Connecting-IP", "X-Forwarded-For")));

	@Example
	void lookUpsWouldBeNoticed() throws Exception {
		assertThat(InetAddress.getByName("evil.example").getHostAddress()).isEqualTo(LOOKED_UP);
	}

	@Property(tries = 3000)
	void responseIsNothingOrAPublicAddressThatIsNoProxys(@ForAll("peers") @Nullable String peer,
			@ForAll("headers") List<String> forwardedFor, @ForAll("headers") List<String> forwarded,
			@ForAll("entries") String single) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(peer);
		forwardedFor.forEach((line) -> request.addHeader("X-Forwarded-For", line));
		forwarded.forEach((line) -> request.addHeader("Forwarded", line));
		request.addHeader("X-Real-IP", single);
		request.addHeader("CF-Connecting-IP", single);
		for (ClientIpResolver resolver : RESOLVERS) {
			String answer = resolver.resolve(request.getRemoteAddr(), request::getHeaders);
			if (answer != null) {
				IpAddress address = IpAddress.parse(answer);
				assertThat(address).isNotNull().hasToString(answer);
				assertThat(IpAddress.isLiteral(answer)).isTrue();
				assertThat(IpRanges.isPublic(address)).isTrue();
				assertThat(TRUSTED_RANGES.contains(address)).isFalse();
				assertThat(answer).isNotEqualTo(LOOKED_UP);
			}
		}
	}

	@Property(tries = 1000)
	void textOfAnAddressIsReadBackAsTheSame(@ForAll("entries") String entry) {
		IpAddress address = IpAddress.parse(entry);
		if (address != null) {
			IpAddress again = IpAddress.parse(address.toString());
			assertThat(again).isNotNull();
			assertThat(again.sharesPrefix(address, address.isIpv4() ? 32 : 128)).isTrue();
		}
	}

	@Property(tries = 500)
	void whatACallerPrependsChangesNothing(@ForAll("headers") List<String> prepended) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr("10.0.0.1");
		prepended.forEach((line) -> request.addHeader("X-Forwarded-For", line));
		request.addHeader("X-Forwarded-For", "198.51.100.7, 10.0.0.2");
		assertThat(ClientIpResolver.of(List.of("private")).resolve(request.getRemoteAddr(), request::getHeaders))
			.isEqualTo("198.51.100.7");
	}

	@Property(tries = 5000)
	void forwardedThatIsNotInTheGrammarGivesNoAddress(@ForAll("forwarded") List<String> lines) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		lines.forEach((line) -> request.addHeader("Forwarded", line));
		String answer = ClientIpResolver.of(List.of("private"), List.of("Forwarded"))
			.resolve("10.0.0.1", request::getHeaders);
		if (answer != null) {
			assertThat(lines).allMatch(ClientIpResolverPropertyTests::isValid);
		}
		// what is valid and ends with a client is read
		String valid = lines.stream()
			.filter(ClientIpResolverPropertyTests::isValid)
			.reduce("", (one, other) -> one + "," + other) + ",for=198.51.100.7";
		MockHttpServletRequest good = new MockHttpServletRequest();
		good.addHeader("Forwarded", valid);
		assertThat(ClientIpResolver.of(List.of("private"), List.of("Forwarded")).resolve("10.0.0.1", good::getHeaders))
			.isEqualTo("198.51.100.7");
	}

	/**
	 * The grammar of RFC 7239, written down as it is there.
	 */
	private static boolean isValid(String line) {
		String token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
		String quoted = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"";
		String pair = "(?:" + token + "=(?:" + token + "|" + quoted + "))";
		String element = pair + "?(?:;" + pair + "?)*";
		if (!line.matches("[ \\t,]*(?:" + element + ")?(?:[ \\t]*,[ \\t]*(?:" + element + ")?)*[ \\t]*")) {
			return false;
		}
		Matcher pairs = Pattern.compile("(?<end>,)|(?<name>" + token + ")=(?<value>" + token + "|" + quoted + ")")
			.matcher(line);
		Set<String> names = new HashSet<>();
		while (pairs.find()) {
			if (pairs.group("end") != null) {
				names.clear();
			}
			else if (!names.add(pairs.group("name").toLowerCase(Locale.ROOT))
					|| !isValid(pairs.group("name").toLowerCase(Locale.ROOT), pairs.group("value"))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isValid(String name, String value) {
		String text = value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
				: value;
		String authority = text.replaceAll(":[0-9]{1,5}$", "");
		String digits = authority.equals(text) ? "0" : text.substring(authority.length() + 1);
		boolean port = Integer.parseInt(digits) <= 65535;
		boolean ipv6 = authority.matches("\\[.*:.*]")
				&& IpAddress.isLiteral(authority.substring(1, authority.length() - 1));
		return switch (name) {
			case "proto" -> text.matches("[A-Za-z][A-Za-z0-9+.-]*");
			case "by" -> {
				String node = authority.equals(text) ? text.replaceAll(":_[\\w.-]+$", "") : authority;
				yield port && (node.matches("(?i)unknown|_[\\w.-]+")
						|| (node.matches("\\[.*:.*]") ? IpAddress.isLiteral(node.substring(1, node.length() - 1))
								: node.indexOf(':') == -1 && IpAddress.isLiteral(node)));
			}
			case "host" -> port && (ipv6 || (authority.equals(text) ? authority.replaceAll(":$", "") : authority)
				.matches("(?:[\\w.~!$&'()*+,;=-]|%\\p{XDigit}{2})*"));
			default -> true;
		};
	}

	@Provide
	Arbitrary<List<String>> forwarded() {
		Arbitrary<String> parts = Arbitraries.frequencyOf(
				Tuple.of(4,
						Arbitraries.of("for=198.51.100.7", "for=10.0.0.2", "proto=https", "by=\"[2001:db8::1]\"",
								"Proto=http", "x=\"a,b;c\\\"\"", "host=shop.example", "secret=_a")),
				Tuple.of(1,
						Arbitraries.of("secret", "by=[::1]", "by=foo", "by=\"\"", "by=_a", "proto=1", "host=\"a b\"",
								"host=\"a:80\"", "host=\"a:\"", "host=\"a::80\"", "for=198.51.100.7:80", "=x", "x=",
								"\"", "\\", "x=\"a", "for= 198.51.100.7", "for =198.51.100.7", "x=\u00e4",
								"x=\"\u00e4\"", "x=\u0001", "\u0000")),
				Tuple.of(1, pairs()));
		Arbitrary<String> separators = Arbitraries.frequencyOf(
				Tuple.of(6, Arbitraries.of(",", ", ", ";", ";;", " ,", ",,")),
				Tuple.of(1, Arbitraries.of("; ", " ;", " ", "=", "\"", "")));
		return parts.tuple2()
			.flatMap((two) -> separators.map((separator) -> two.get1() + separator + two.get2()))
			.list()
			.ofMinSize(1)
			.ofMaxSize(3)
			.flatMap((list) -> separators.map((separator) -> String.join(separator, list)))
			.list()
			.ofMinSize(1)
			.ofMaxSize(2);
	}

	@Provide
	Arbitrary<String> peers() {
		return Arbitraries
			.frequencyOf(Tuple.of(3, Arbitraries.of("10.0.0.1", "172.64.0.1", "::1")), Tuple.of(1, entries()))
			.injectNull(0.05);
	}

	@Provide
	Arbitrary<List<String>> headers() {
		Arbitrary<String> separators = Arbitraries.of(",", ", ", " , ", ",,", ";", "; ", "\t,", "=", "\"", "");
		return Arbitraries.oneOf(entries(), pairs())
			.tuple2()
			.list()
			.ofMaxSize(6)
			.flatMap((list) -> separators.map((separator) -> String.join(separator,
					list.stream().flatMap((tuple) -> List.of(tuple.get1(), tuple.get2()).stream()).toList())))
			.list()
			.ofMaxSize(3);
	}

	private Arbitrary<String> pairs() {
		Arbitrary<String> names = Arbitraries.of("for", "For", "by", "host", "proto", "for ", " for", "f\u00f6r");
		Arbitrary<String> forms = Arbitraries.of("%s=%s", "%s=\"%s\"", "%s=\"[%s]:80\"", "%s=[%s]", "%s = %s",
				"%s=\"%s", "%s=\"\\%s\"", "%s=%s;proto=https");
		return names.flatMap((name) -> forms.flatMap((form) -> entries().map((entry) -> form.formatted(name, entry))));
	}

	@Provide
	Arbitrary<String> entries() {
		Arbitrary<Integer> octets = Arbitraries.integers().between(0, 300);
		Arbitrary<String> ipv4 = octets.list()
			.ofMinSize(3)
			.ofMaxSize(5)
			.map((list) -> String.join(".", list.stream().map(String::valueOf).toList()));
		Arbitrary<String> ipv6 = Arbitraries.integers()
			.between(0, 0x1ffff)
			.map(Integer::toHexString)
			.injectDuplicates(0.3)
			.list()
			.ofMinSize(1)
			.ofMaxSize(9)
			.flatMap((groups) -> Arbitraries.of(":", "::")
				.map((first) -> String.join(":", groups).replaceFirst(":", first)));
		Arbitrary<String> known = Arbitraries.of("203.0.113.7", "198.51.100.7", "10.0.0.2", "172.64.0.1",
				"::ffff:10.0.0.1", "::ffff:198.51.100.7", "2001:db8:1::7", "2001:db8:2::7", "2a06:98c0:3600::103",
				"fe80::1%eth0", "evil.example", "unknown", "lookup", "_edge", "0177.0.0.1", "127.1", "2130706433",
				"0x7f.0.0.1", "１９２.0.2.1", "192.0.2.1\u0000", "0.0.0.0", "::", "", " ", "198.51.100.7:80",
				"[2001:db8:2::7]:443", "198.51.100.7/32", "255.255.255.255");
		return Arbitraries.oneOf(known, ipv4, ipv6, known.map((text) -> " " + text + "\t"),
				known.map((text) -> text + ":65536"), Arbitraries.strings().all().ofMaxLength(20),
				Arbitraries.strings().withChars("0123456789abcdef.:[]%, \"\\_;=").ofMaxLength(40));
	}

}
