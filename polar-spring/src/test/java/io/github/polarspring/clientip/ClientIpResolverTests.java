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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link ClientIpResolver#of}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientIpResolverTests {

	private static final List<String> X_FORWARDED_FOR = List.of("X-Forwarded-For");

	private static @Nullable String resolve(ClientIpResolver resolver, @Nullable String peer, String... headers) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(peer);
		for (int i = 0; i < headers.length; i += 2) {
			request.addHeader(headers[i], headers[i + 1]);
		}
		return resolver.resolve(request.getRemoteAddr(), request::getHeaders);
	}

	private static @Nullable String behindProxy(String... headers) {
		return resolve(ClientIpResolver.of(List.of("private"), X_FORWARDED_FOR), "10.0.0.1", headers);
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.7,203.0.113.7", "203.0.113.7:443,203.0.113.7", "2001:DB8:0:0::7,2001:db8::7",
			"[2001:db8::7]:443,2001:db8::7", "::ffff:203.0.113.7,203.0.113.7", "10.0.0.1,", "127.0.0.1,", "::1,",
			"fe80::1%eth0,", "0.0.0.0,", "evil.example,", "0177.0.0.1,", "'',", "192.0.0.1,", "224.0.0.1,",
			"100.64.0.1," })
	void peerThatIsNotTrustedIsTheShopperIfItsAddressIsPublic(String peer, @Nullable String expected) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of(), X_FORWARDED_FOR);
		assertThat(resolve(resolver, peer)).isEqualTo(expected);
		assertThat(resolve(resolver, peer, "X-Forwarded-For", "198.51.100.66")).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.255,203.0.113.255", "203.0.113.0,203.0.113.0", "203.0.113.256,",
			"203.0.113.7:65535,203.0.113.7", "203.0.113.7:0,203.0.113.7", "203.0.113.7.1,", "203.0.113.7:65536,",
			"203.0.113.7:,", "2001:db8:0:0:0:0:0:0,2001:db8::", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
			"2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1", "2001:db8:1:0:0:1:0:0,2001:db8:1::1:0:0",
			"2001:db8:0:1:0:0:0:1,2001:db8:0:1::1", "2001:db8:1:1:1:1:0:0,2001:db8:1:1:1:1::",
			"2001:0:0:1:0:0:0:0,2001:0:0:1::", "2001:db8::1.2.3.4,2001:db8::102:304",
			"2001:db8:1:1:1:1:1.2.3.4,2001:db8:1:1:1:1:102:304", "2001:db8:1:1:1:1:1:1.2.3.4,",
			"2001:db8:1:1:1:1.2.3.4,", "2001:db8:1:1:1:1:1,", "2001:db8:1:1:1:1:1::,2001:db8:1:1:1:1:1:0",
			"2001:db8:1:1:1:1:1:1::,", "2001::db8:1:1:1:1:1,2001:0:db8:1:1:1:1:1", "2001::db8:1:1:1:1:1:1,",
			"2001:db8::7%!~,2001:db8::7", "2001:db8::7%,", "[2001:db8::7%25]:1,2001:db8::7", "::203.0.113.7,",
			"::1:ffff:203.0.113.7,", "::fffe:203.0.113.7,", "::ff:203.0.113.7," })
	void addressIsReadAsTheRfcsWriteIt(String peer, @Nullable String expected) {
		assertThat(resolve(ClientIpResolver.of(List.of()), peer)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2001:db8::7%a b", "2001:db8::7%\u007f", "2001:db8::7%\u202e", "2001:db8::7%\u0000" })
	void zoneIsPrintable(String peer) {
		assertThat(resolve(ClientIpResolver.of(List.of()), peer)).isNull();
	}

	@Test
	void longestAddressHas128CharactersWithoutTheBlanks() {
		String longest = "2001:db8::7%" + "a".repeat(116);
		assertThat(behindProxy("X-Forwarded-For", longest)).isEqualTo("2001:db8::7");
		assertThat(behindProxy("X-Forwarded-For", " ".repeat(200) + longest + " ".repeat(200)))
			.isEqualTo("2001:db8::7");
		assertThat(behindProxy("X-Forwarded-For", longest + "a")).isNull();
	}

	@Test
	void unspecifiedAddressEndsTheList() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private", "0.0.0.0/8", "::/16"));
		assertThat(resolve(resolver, "10.0.0.1", "X-Forwarded-For", "203.0.113.7, 0.0.0.1")).isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "X-Forwarded-For", "203.0.113.7, 0.0.0.0")).isNull();
		assertThat(resolve(resolver, "10.0.0.1", "X-Forwarded-For", "203.0.113.7, ::")).isNull();
		assertThat(resolve(resolver, "0.0.0.0", "X-Forwarded-For", "203.0.113.7")).isNull();
	}

	@Test
	void missingPeerIsNoResponse() {
		assertThat(resolve(ClientIpResolver.of(List.of("private"), X_FORWARDED_FOR), null, "X-Forwarded-For",
				"203.0.113.7"))
			.isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			203.0.113.7                             | 203.0.113.7
			6.6.6.6, 203.0.113.7                    | 203.0.113.7
			6.6.6.6, 203.0.113.7, 10.1.1.1, 10.0.0.2| 203.0.113.7
			203.0.113.7 ,, 10.0.0.2,                | 203.0.113.7
			203.0.113.7:1234                        | 203.0.113.7
			[2001:db8::7]:1234                      | 2001:db8::7
			6.6.6.6, unknown, 10.0.0.2              |
			6.6.6.6, unknown                        |
			10.0.0.3, 10.0.0.2                      |
			198.18.0.1                              |
			,                                       |
			6.6.6.6, 203.0.113.7/32                 |
			""")
	void forwardedForIsReadFromTheRight(String header, @Nullable String expected) {
		assertThat(behindProxy("X-Forwarded-For", header)).isEqualTo(expected);
	}

	@Test
	void linesOfForwardedForAreOneList() {
		assertThat(behindProxy("X-Forwarded-For", "6.6.6.6", "x-forwarded-for", "203.0.113.7", "X-FORWARDED-FOR",
				"10.0.0.2"))
			.isEqualTo("203.0.113.7");
	}

	@Test
	void withoutHeaderTheProxyIsNoResponse() {
		assertThat(behindProxy()).isNull();
		assertThat(behindProxy("CF-Connecting-IP", "203.0.113.7", "X_Forwarded_For", "203.0.113.7")).isNull();
	}

	@Test
	void otherHeadersCarryOneAddress() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private", "cloudflare"),
				List.of("CF-Connecting-IP", "X-Forwarded-For"));
		assertThat(resolve(resolver, "104.16.0.1", "CF-Connecting-IP", "203.0.113.7")).isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "203.0.113.9", "CF-Connecting-IP", "203.0.113.7")).isEqualTo("203.0.113.9");
		assertThat(
				resolve(resolver, "104.16.0.1", "CF-Connecting-IP", " ", "X-Forwarded-For", "203.0.113.8, 172.64.0.1"))
			.isEqualTo("203.0.113.8");
		assertThat(resolve(resolver, "104.16.0.1", "CF-Connecting-IP", "203.0.113.7, 203.0.113.8")).isNull();
		assertThat(
				resolve(resolver, "104.16.0.1", "CF-Connecting-IP", "203.0.113.7", "CF-Connecting-IP", "203.0.113.7"))
			.isNull();
		assertThat(resolve(resolver, "104.16.0.1", "CF-Connecting-IP", "evil", "X-Forwarded-For", "203.0.113.8"))
			.isNull();
		assertThat(resolve(ClientIpResolver.of(List.of("private"), List.of("X-Forwarded-For", "X-Real-IP")), "10.0.0.1",
				"X-Forwarded-For", " , ,", "X-Real-IP", "203.0.113.9"))
			.isEqualTo("203.0.113.9");
		// what Cloudflare writes for a Worker of somebody else
		assertThat(resolve(resolver, "104.16.0.1", "CF-Connecting-IP", "2a06:98c0:3600::103")).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			for=203.0.113.7                                          | 203.0.113.7
			For=203.0.113.7;proto=https;by=10.0.0.2                  | 203.0.113.7
			proto=https;FOR=203.0.113.7;                             | 203.0.113.7
			proto=https ;for=203.0.113.7                             |
			proto=https; for=203.0.113.7                             |
			for =203.0.113.7                                         |
			for= 203.0.113.7                                         |
			for=203.0.113.7;proto= https                             |
			for=203.0.113.7;proto =https                             |
			for=203.0.113.7 ;                                        |
			;for=203.0.113.7                                         | 203.0.113.7
			;;for=203.0.113.7;;                                      | 203.0.113.7
			for=203.0.113.7;by=[2001:db8::1]                         |
			for=203.0.113.7;by="[2001:db8::1]"                       | 203.0.113.7
			for=203.0.113.7;by=10.0.0.2:80                           |
			for=203.0.113.7;host=shop.example:443                    |
			for=203.0.113.7;host="shop.example:443"                  | 203.0.113.7
			for=203.0.113.7;proto=http;proto=https                   |
			for=203.0.113.7;Proto=http;pROTO=http                    |
			for=203.0.113.7;host=a;host="a"                          |
			for=203.0.113.7;by=_a;by=_b                              |
			for=203.0.113.7;x=1;X=2                                  |
			for=203.0.113.7;secret                                   |
			for=203.0.113.7;secret=                                  |
			for=203.0.113.7;secret=""                                | 203.0.113.7
			for=203.0.113.7;secret="a                                |
			for=203.0.113.7;"secret"=a                               |
			for=203.0.113.7;secret='a b'                             |
			for=203.0.113.7;secret=a"b"                              |
			for=203.0.113.7;secret="a"b                              |
			for=203.0.113.7;secret="a""b"                            |
			for=203.0.113.7;secret="\t\\é "                          | 203.0.113.7
			for=203.0.113.7;secret=é                                 |
			for=203.0.113.7:                                         |
			for='203.0.113.7'                                        |
			for=203.0.113.7 for=203.0.113.7                          |
			for=203.0.113.7, for=10.0.0.2;proto=http;proto=https     |
			for=203.0.113.7, for=10.0.0.2; proto=http                |
			proto=http;proto=http, for=203.0.113.7                   |
			by=[::1], for=203.0.113.7                                |
			x, for=203.0.113.7                                       |
			for=garbage, for=203.0.113.7                             | 203.0.113.7
			for=6.6.6.6;proto=http, for=203.0.113.7;proto=http       | 203.0.113.7
			for="[::ffff:203.0.113.7]"                               | 203.0.113.7
			for="[203.0.113.7]"                                      |
			for=203.0.113.7, for="\\\\0"                              |
			for="[2001:db8::7%eth0]"                                 |
			for=" 203.0.113.7"                                       |
			for="203.0.113.7:123456"                                 |
			for="203.0.113.7, for=203.0.113.8"                       |
			for=6.6.6.6, for=203.0.113.7, for=10.0.0.2               | 203.0.113.7
			for=6.6.6.6,, for=203.0.113.7 ,                          | 203.0.113.7
			for="203.0.113.7:4711"                                   | 203.0.113.7
			for=203.0.113.7:4711                                     |
			for="[2001:db8::7]:4711"                                 | 2001:db8::7
			for="[2001:db8::7]"                                      | 2001:db8::7
			for=[2001:db8::7]:4711                                   |
			for="2001:db8::7"                                        |
			for="203.0.113.7:_http"                                  | 203.0.113.7
			for="[2001:db8::7]:_a.b-c"                               | 2001:db8::7
			for="203\\.0.113.7"                                      | 203.0.113.7
			for=6.6.6.6;host="a,b;for=6.6.6.6", for=203.0.113.7      | 203.0.113.7
			host="a,for=6.6.6.6";for=203.0.113.7                     | 203.0.113.7
			host="a\\",for=6.6.6.6";for=203.0.113.7                  |
			x="a\\",for=6.6.6.6";for=203.0.113.7                     | 203.0.113.7
			for=6.6.6.6, for=unknown                                 |
			for=6.6.6.6, for=_edge                                   |
			for=6.6.6.6, proto=https                                 |
			for=6.6.6.6;for=203.0.113.7                              |
			for=203.0.113.7;proto                                    |
			for=203.0.113.7;=x                                       |
			for=203.0.113.7;pro to=x                                 |
			for="203.0.113.7"x                                       |
			for=203.0.113.7;host="x                                  |
			for="6.6.6.6, for=203.0.113.7                            |
			for=203.0.113.7;host="x\\"                               |
			for=                                                     |
			for=""                                                   |
			for=203.0.113.7:70000                                    |
			for="203.0.113.7:_"                                      |
			for="203.0.113.7:1:_x"                                   |
			for="203.0.113.7 :_x"                                    |
			for=":_x"                                                |
			for="203.0.113.7:_x y"                                   |
			for="203.0.113.7";;                                      | 203.0.113.7
			host="a;";for=203.0.113.7                                | 203.0.113.7
			for="203.0.113.7";proto=h"                               |
			for="203.0.113.7";proto=h=s                              |
			for="203.0.113.7";proto=hü                               |
			for="203.0.113.7";proto=h s                              |
			for="203.0.113.7";proto=!~                               |
			for="203.0.113.7";x=!~                                   | 203.0.113.7
			for="203.0.113.7";aAzZ09!#$%&'*+-.^_`=x                  | 203.0.113.7
			for="203.0.113.7";a@=x                                   |
			for="203.0.113.7";a[=x                                   |
			for="203.0.113.7";a{=x                                   |
			for="203.0.113.7";a/=x                                   |
			for="203.0.113.7";a:=x                                   |
			for="203.0.113.7";by="10.0.0.2;for=6.6.6.6"              |
			for="203.0.113.7";x="10.0.0.2;for=6.6.6.6"               | 203.0.113.7
			for="203.0.113.7"x;by=10.0.0.2                           |
			by="10.0.0.2";for="203.0.113.7"                          | 203.0.113.7
			by="10.0.0.2";x;for="203.0.113.7"                        |
			by="10.0.0.2" x ;for="203.0.113.7"                       |
			,for=203.0.113.7                                         | 203.0.113.7
			for=10.0.0.3, for=10.0.0.2                               |
			for=192.168.7.7                                          | PRIVATE
			""")
	void forwardedIsReadFromTheRight(String header, @Nullable String expected) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("10.0.0.0/8"), List.of("Forwarded"));
		// a private address that is not trusted is no answer either
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", header.replace("\\\\", "\\")))
			.isEqualTo("PRIVATE".equals(expected) ? null : expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "by=\"[2001:db8::1\"", "by=\"2001:db8::1\"", "by=\"[2001:db8::g]\"", "by=\"[10.0.0.1]\"",
			"by=\"[fe80::1%eth0]\"", "by=\"\"", "by=\" \"", "by=\"10.0.0.1:99999\"", "by=\"10.0.0.1:100000\"",
			"by=\"10.0.0.1:\"", "by=\"10.0.0.1:x\"", "by=\"10.0.0.1 \"", "by=10.0.0", "by=10.0.0.256", "by=010.0.0.1",
			"by=foo", "by=proxy.example", "by=_", "by=\"_a b\"", "by=\"_a/b\"", "by=unknownx", "by=\"unknown:\"",
			"BY=foo", "proto=\"ht tp\"", "proto=\"\"", "proto=1", "proto=-x", "proto=\"https:\"", "proto=\"http://\"",
			"proto=ht_tp", "Proto=\"h,ttps\"", "host=\"a b c\"", "host=\"a/b\"", "host=\"https://a\"", "host=\"a@b\"",
			"host=\"a:b\"", "host=\"a:99999\"", "host=\"a:1:2\"", "host=\"2001:db8::1\"", "host=\"[2001:db8::1\"",
			"host=\"[a]\"", "host=\"[10.0.0.1]:80\"", "host=\"a%2\"", "host=\"a?b\"", "host=\"a#b\"", "host=\"\u00e4\"",
			"host=\"a<b\"", "host=\"a^b\"", "HOST=\"a|b\"" })
	void forwardedWithAnInvalidParameterGivesNoAddress(String parameter) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded"));
		for (String header : List.of("for=203.0.113.7;" + parameter, parameter + ";for=203.0.113.7",
				parameter + ",for=203.0.113.7", "for=203.0.113.7,for=10.0.0.2;" + parameter)) {
			assertThat(resolve(resolver, "10.0.0.1", "Forwarded", header)).as(header).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "by=10.0.0.1", "by=\"10.0.0.1:0\"", "by=\"10.0.0.1:65535\"", "by=\"[2001:db8::1]\"",
			"by=\"[2001:DB8::1]:8080\"", "by=\"[::]\"", "by=0.0.0.0", "by=\"[::ffff:10.0.0.1]\"", "by=unknown",
			"by=UNKNOWN", "by=\"unknown:80\"", "by=_x", "by=_SEVKISEK", "by=\"_gazonk:_4.7-11\"", "by=\"10.0.0.1:_x\"",
			"by=203.0.113.60", "proto=http", "proto=HTTPS", "proto=\"https\"", "proto=coap+tcp", "proto=x-a.1",
			"host=shop.example", "host=\"shop.example:8080\"", "host=\"shop.example:\"", "host=10.0.0.1",
			"host=\"[2001:db8::1]:443\"", "host=my_shop", "host=\"a%20b\"", "host=\"a(b),c;d=e\"", "host=\"\"",
			"secret=\"any thing\"", "x=\"\"" })
	void forwardedWithAValidParameterIsRead(String parameter) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded"));
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7;" + parameter)).isEqualTo("203.0.113.7");
	}

	@Test
	void linesOfForwardedAreOneList() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded", "X-Forwarded-For"));
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=6.6.6.6", "forwarded", "for=203.0.113.7",
				"FORWARDED", "for=10.0.0.2"))
			.isEqualTo("203.0.113.7");
		// lines are one list, so a line that is not valid spoils the others
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7", "Forwarded", "for=\"x")).isNull();
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=\"x", "Forwarded", "for=203.0.113.7")).isNull();
	}

	@Test
	void forwardedWithoutClientIsAbsent() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded", "X-Forwarded-For"));
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "proto=https;host=\"for=6.6.6.6\"", "X-Forwarded-For",
				"203.0.113.7"))
			.isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=6.6.6.6", "Forwarded", "proto=https",
				"X-Forwarded-For", "203.0.113.7"))
			.isNull();
		for (String broken : List.of("nonsense", "a b=x", "by=h=s", "by=\"x", "by=\"x\"y", "for=x")) {
			assertThat(resolve(resolver, "10.0.0.1", "Forwarded", broken, "X-Forwarded-For", "203.0.113.7")).as(broken)
				.isNull();
		}
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "proto=https,, ".repeat(2000), "X-Forwarded-For",
				"203.0.113.7"))
			.isEqualTo("203.0.113.7");
		String unreadable = "by=" + "x".repeat(4096);
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", unreadable + ",proto=https", "X-Forwarded-For",
				"203.0.113.7"))
			.isNull();
	}

	@Test
	void forwardedOfTrustedProxiesOnlyIsPresent() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded", "X-Forwarded-For"));
		assertThat(resolve(resolver, "10.0.0.1", "X-Forwarded-For", "203.0.113.7")).isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=10.0.0.2", "X-Forwarded-For", "203.0.113.7"))
			.isNull();
	}

	@Test
	void elementOfForwardedHasAnEnd() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded", "X-Forwarded-For"));
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7;x=x~")).isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7;x=x\u007f")).isNull();
		String longest = "for=203.0.113.7;x=" + "x".repeat(4096 - 18);
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", longest)).isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", longest + "x", "X-Forwarded-For", "203.0.113.8"))
			.isNull();
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=\"203.0.113.7:_" + "x".repeat(115) + "\""))
			.isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=\"203.0.113.7:_" + "x".repeat(116) + "\"")).isNull();
	}

	@Test
	void endlessForwardedIsNoResponse() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded"));
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7" + ", for=10.0.0.1".repeat(20)))
			.isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7" + ", for=10.0.0.1".repeat(200)))
			.isNull();
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "for=6.6.6.6,".repeat(60_000) + "for=203.0.113.7"))
			.isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "\"".repeat(700_000))).isNull();
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "a=\"\",".repeat(100_000) + "for=203.0.113.7"))
			.isEqualTo("203.0.113.7");
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", "\"\",".repeat(100_000) + "for=203.0.113.7")).isNull();
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			lines.addAll(List.of("Forwarded", (i == 0) ? "for=203.0.113.7" : "for=10.0.0.1"));
		}
		assertThat(resolve(resolver, "10.0.0.1", lines.toArray(String[]::new))).isNull();
	}

	/**
	 * Not a measurement: in quadratic time these take many seconds.
	 */
	@ParameterizedTest
	@ValueSource(strings = { ";", "=", "a=b;", "for=1.2.3.4;", "a=\"b\";", ",", ";,", "\"", "\\", " ", "a" })
	@Timeout(10)
	void longForwardedTakesNoLongTime(String part) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"), List.of("Forwarded"));
		String padding = part.repeat(700_000 / part.length());
		resolve(resolver, "10.0.0.1", "Forwarded", padding);
		resolve(resolver, "10.0.0.1", "Forwarded", padding + "for=203.0.113.7");
		resolve(resolver, "10.0.0.1", "Forwarded", "for=203.0.113.7" + padding);
		assertThat(resolve(resolver, "10.0.0.1", "Forwarded", padding, "Forwarded", "for=203.0.113.7"))
			.isEqualTo(List.of(",", ";,", " ").contains(part) ? "203.0.113.7" : null);
	}

	/**
	 * The peer, CF-Connecting-IP, X-Forwarded-For, and the answer.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			172.64.0.1   | 203.0.113.7              | 203.0.113.7                       | 203.0.113.7
			172.64.0.1   | 203.0.113.7              | -                                 | 203.0.113.7
			172.64.0.1   | 2001:DB8::7              | 2001:db8::7                       | 2001:db8::7
			10.0.0.1     | 203.0.113.7              | 6.6.6.6, 203.0.113.7, 172.64.0.1  | 203.0.113.7
			172.64.0.1   | 203.0.113.7              | 203.0.113.8                       | -
			172.64.0.1   | evil                     | 203.0.113.7                       | -
			172.64.0.1   | 203.0.113.7, 203.0.113.7 | 203.0.113.7                       | -
			172.64.0.1   | -                        | 203.0.113.7                       | 203.0.113.7
			172.64.0.1   | -                        | -                                 | -
			10.0.0.1     | 203.0.113.7              | 172.64.0.1                        | 203.0.113.7
			10.0.0.1     | 203.0.113.7              | unknown, 172.64.0.1               | -
			172.64.0.1   | 2a06:98c0:3600::103      | 2a06:98c0:3600::103               | -
			10.0.0.1     | 6.6.6.6                  | 203.0.113.7                       | 203.0.113.7
			10.0.0.1     | 6.6.6.6                  | 6.6.6.6, 172.64.0.1, 203.0.113.7  | 203.0.113.7
			10.0.0.1     | 6.6.6.6                  | -                                 | -
			203.0.113.9  | 6.6.6.6                  | 6.6.6.6                           | 203.0.113.9
			""")
	void cloudflareIsBelievedWhenTheRequestCameThroughIt(String peer, @Nullable String connecting,
			@Nullable String forwarded, @Nullable String expected) {
		List<String> headers = new ArrayList<>();
		if (connecting != null) {
			headers.addAll(List.of("CF-Connecting-IP", connecting));
		}
		if (forwarded != null) {
			headers.addAll(List.of("X-Forwarded-For", forwarded));
		}
		assertThat(resolve(ClientIpResolver.of(List.of("private", "cloudflare")), peer, headers.toArray(String[]::new)))
			.isEqualTo(expected);
	}

	@Test
	void withoutThePresetCloudflaresHeaderIsNotAsked() {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private", "172.64.0.0/13"));
		assertThat(resolve(resolver, "172.64.0.1", "CF-Connecting-IP", "6.6.6.6", "X-Forwarded-For", "203.0.113.7"))
			.isEqualTo("203.0.113.7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "172.64.0.1", "2606:4700::1", "35.191.3.4", "2600:2d00:1:1::5" })
	void edgeThatIsNotTrustedIsNoShopper(String edge, CapturedOutput output) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private"));
		assertThat(resolve(resolver, edge)).isNull();
		assertThat(resolve(resolver, "10.0.0.1", "X-Forwarded-For", "203.0.113.7, " + edge)).isNull();
		assertThat(resolve(resolver, edge)).isNull();
		assertThat(output.getAll().split("which is not trusted", -1)).hasSize(2);
		assertThat(output).contains((edge.startsWith("172.64.") || edge.startsWith("2606:"))
				? "the edge of Cloudflare, which is not trusted. Add 'cloudflare' to"
				: "the edge of Google Cloud, which is not trusted. Add its ranges and your forwarding rule's address");
		assertThat(output).contains("'polar.client-ip.trusted-proxies'").doesNotContain("203.0.113.7");
		// as the rules are written
		assertThat(resolve(ClientIpResolver.of(List.of("private"), X_FORWARDED_FOR), edge)).isEqualTo(edge);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Forwarded,X-Real-IP", "CF-Connecting-IP" })
	void trustedProxyThatDoesNotSendTheHeaderIsWarnedAboutOnce(String headers, CapturedOutput output) {
		List<String> names = headers.isEmpty() ? List.of() : List.of(headers.split(","));
		ClientIpResolver resolver = names.isEmpty() ? ClientIpResolver.of(List.of("private"))
				: ClientIpResolver.of(List.of("private"), names);
		for (int i = 0; i < 9; i++) {
			assertThat(resolve(resolver, "10.0.0." + i, "X-Other", "198.51.100.1")).isNull();
			assertThat(resolve(resolver, "203.0.113.9")).isEqualTo("203.0.113.9");
		}
		assertThat(output).doesNotContain("requests came from");
		// a shopper that sends the header does not hide that the proxy does not
		assertThat(resolve(resolver, "10.0.0.1", names.isEmpty() ? "X-Forwarded-For" : names.get(names.size() - 1),
				"198.51.100.1"))
			.isEqualTo("198.51.100.1");
		for (int i = 0; i < 100; i++) {
			resolve(resolver, "10.0.0.1");
		}
		assertThat(output.getAll().split("requests came from a trusted proxy without", -1)).hasSize(2);
		assertThat(output)
			.contains("10 requests came from a trusted proxy without "
					+ (names.isEmpty() ? "X-Forwarded-For" : String.join(" and ", names)) + ".")
			.contains("'polar.client-ip.trusted-proxies'")
			.doesNotContain("10.0.0.", "198.51.100.1", "203.0.113.9");
	}

	@Test
	void callsPastAProxyThatSendsTheHeaderAreNotWarnedAbout(CapturedOutput output) {
		for (ClientIpResolver resolver : List.of(ClientIpResolver.of(List.of("private")),
				ClientIpResolver.of(List.of("private"), List.of("X-Forwarded-For")))) {
			for (int i = 0; i < 50; i++) {
				resolve(resolver, "10.0.0.1", "X-Forwarded-For", "198.51.100.1");
			}
			for (int i = 0; i < 50; i++) {
				resolve(resolver, "10.0.0.9");
			}
			assertThat(output).doesNotContain("requests came from");
		}
	}

	@Test
	void proxyThatSendsTheHeaderIsNotWarnedAbout(CapturedOutput output) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of("private", "cloudflare"));
		for (int i = 0; i < 100; i++) {
			resolve(resolver, "10.0.0.1", "X-Forwarded-For", "unknown");
			resolve(resolver, "172.64.0.1", "CF-Connecting-IP", "198.51.100.1");
		}
		assertThat(output).doesNotContain("requests came from");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~',
			value = { "10.0.0.5,'private' or '10.0.0.5'", "fd00::5,'private' or 'fd00::5'", "198.18.0.5,'198.18.0.5'" })
	void privatePeerThatIsNotTrustedIsWarnedAboutOnce(String peer, String value, CapturedOutput output) {
		for (ClientIpResolver resolver : List.of(ClientIpResolver.of(List.of("cloudflare")),
				ClientIpResolver.of(List.of(), List.of("X-Shopper-IP")))) {
			int before = output.getAll().length();
			assertThat(resolve(resolver, peer)).isNull();
			assertThat(output.getAll().substring(before)).isEmpty();
			assertThat(resolve(resolver, peer, "X-Forwarded-For", "203.0.113.7, \u202Eevil")).isNull();
			assertThat(resolve(resolver, peer, "Forwarded", "for=203.0.113.7")).isNull();
			assertThat(output.getAll().substring(before))
				.contains("add " + value + " to 'polar.client-ip.trusted-proxies'")
				.containsOnlyOnce("WARN")
				.doesNotContain("203.0.113.7", "evil");
		}
		ClientIpResolver resolver = ClientIpResolver.of(List.of(), List.of("X-Shopper-IP"));
		resolve(resolver, "203.0.113.9", "X-Shopper-IP", "203.0.113.7");
		resolve(resolver, "127.0.0.1", "X-Shopper-IP", "203.0.113.7");
		assertThat(output).contains("'private' or '127.0.0.1'");
	}

	@Test
	void endlessListOfProxiesIsNoResponse() {
		assertThat(behindProxy("X-Forwarded-For", "203.0.113.7" + ", 10.0.0.1".repeat(20))).isEqualTo("203.0.113.7");
		assertThat(behindProxy("X-Forwarded-For", "203.0.113.7" + ", 10.0.0.1".repeat(200))).isNull();
		assertThat(behindProxy("X-Forwarded-For", "6.6.6.6,".repeat(100_000) + "203.0.113.7")).isEqualTo("203.0.113.7");
		assertThat(behindProxy("X-Forwarded-For", "x".repeat(700_000))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/", "10.0.0/8", "::/129", "::1%eth0",
			"[::1]", "proxy.example", "", "Private", "0.0.0.0/0", "::/0", "::ffff:0:0/96", "10.0.0.0/8,10.0.0.1" })
	void rangeThatIsNoneIsRejectedByName(String range) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ClientIpResolver.of(List.of("10.0.0.0/8", range), X_FORWARDED_FOR))
			.withMessageStartingWith("'" + range + "' ");
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.1/32,10.0.0.1,true", "10.0.0.1/32,10.0.0.2,false", "2001:db8::1/128,2001:db8::1,true",
			"2001:db8::/96,2001:db8::ffff:1,true", "2001:db8::/96,2001:db8::1:0:1,false", "10.1.2.3/8,10.200.0.1,true",
			"10.0.0.1,10.0.0.1,true", "10.0.0.1,10.0.0.2,false", "::ffff:10.0.0.0/104,10.9.9.9,true",
			"::ffff:10.0.0.0/104,11.9.9.9,false", "2001:db8::/33,2001:db8:7fff::1,true",
			"2001:db8::/33,2001:db8:8000::1,false", "::/1,10.0.0.1,false" })
	void rangesAreMasked(String range, String peer, boolean trusted) {
		ClientIpResolver resolver = ClientIpResolver.of(List.of(range), X_FORWARDED_FOR);
		String answer = resolve(resolver, peer, "X-Forwarded-For", "203.0.113.7");
		assertThat("203.0.113.7".equals(answer)).isEqualTo(trusted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "X Forwarded", "X-Für", "X:Y" })
	void headerThatCannotBeAskedIsRejected(String header) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientIpResolver.of(List.of("private"), List.of(header)))
			.withMessage("'" + header + "' is not a valid header name");
	}

	static Stream<Arguments> vectors() throws Exception {
		List<Arguments> vectors = new ArrayList<>();
		for (JsonNode vector : JsonMapper.shared()
			.readTree(Files.readString(Path.of(System.getProperty("polar.client-ip-vectors"))))) {
			vectors.add(arguments(vector.get("name").stringValue(), vector));
		}
		return vectors.stream();
	}

	private static List<String> names(JsonNode vector, String field) {
		List<String> names = new ArrayList<>();
		vector.get(field).forEach((name) -> names.add(name.stringValue()));
		return names;
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("vectors")
	@EnabledIfSystemProperty(named = "polar.client-ip-vectors", matches = ".+",
			disabledReason = "The system property 'polar.client-ip-vectors' names no file of vectors")
	void vectorsOfOthers(String name, JsonNode vector) {
		List<String> headers = new ArrayList<>();
		vector.get("headers").forEach((header) -> header.forEach((part) -> headers.add(part.stringValue())));
		JsonNode peer = vector.get("remoteAddr");
		JsonNode expected = vector.get("expected");
		assertThat(resolve(ClientIpResolver.of(names(vector, "trustedProxies"), names(vector, "headerOrder")),
				peer.isNull() ? null : peer.stringValue(), headers.toArray(String[]::new)))
			.isEqualTo(expected.isNull() ? null : expected.stringValue());
	}

}
