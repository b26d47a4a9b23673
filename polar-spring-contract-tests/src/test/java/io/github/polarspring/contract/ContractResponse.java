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

package io.github.polarspring.contract;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response, and what is expected of it. The wording of errors is not checked.
 */
final class ContractResponse {

	private final String call;

	private final HttpResponse<String> response;

	private final ContractReport report;

	private final Shapes shapes;

	ContractResponse(String call, HttpResponse<String> response, ContractReport report, Shapes shapes) {
		this.call = call;
		this.response = response;
		this.report = report;
		this.shapes = shapes;
	}

	String call() {
		return this.call;
	}

	int status() {
		return this.response.statusCode();
	}

	@Nullable String header(String name) {
		return this.response.headers().firstValue(name).orElse(null);
	}

	JsonNode json() {
		try {
			return JsonMapper.shared().readTree(this.response.body());
		}
		catch (JacksonException ex) {
			throw difference("JSON", "a body that is not JSON");
		}
	}

	/**
	 * Check that the body has the members of a kind of object, and report new ones.
	 */
	ContractResponse shape(String kind) {
		check(this.report, this.shapes, this.call, kind, json());
		return this;
	}

	/**
	 * Check that the body is a page of a list of objects of a kind.
	 */
	ContractResponse page(String kind) {
		shape("page");
		json().path("items").forEach((item) -> check(this.report, this.shapes, this.call, kind, item));
		return this;
	}

	static void check(ContractReport report, Shapes shapes, String call, String kind, JsonNode json) {
		Shapes.Comparison comparison = shapes.compare(kind, json);
		report.added(comparison);
		if (comparison.isDifferent()) {
			report.difference(call, "the members of " + kind, comparison.description());
			throw new ContractDifference(call, "the members of " + kind, comparison.description());
		}
	}

	/**
	 * Check a header.
	 */
	ContractResponse header(String name, @Nullable String expected) {
		String value = header(name);
		if (!Objects.equals(value, expected)) {
			throw difference("header %s: %s".formatted(name, expected), String.valueOf(value));
		}
		return this;
	}

	void requireStatus(int expected) {
		if (status() != expected) {
			throw difference(String.valueOf(expected), got());
		}
	}

	void requireError(int status, @Nullable String error, String... details) {
		String expected = (status + " " + ((error != null) ? error : "without a name") + " "
				+ String.join(", ", details))
			.strip();
		boolean sameError = status() == status
				&& Objects.equals(error, json().path("error").asStringOpt().orElse(null));
		if (!sameError || !details().containsAll(Arrays.asList(details))) {
			throw difference(expected, got());
		}
	}

	private ContractDifference difference(String expected, String got) {
		this.report.difference(this.call, expected, got);
		return new ContractDifference(this.call, expected, got);
	}

	private String got() {
		String error = "";
		if (status() >= 400) {
			try {
				error = JsonMapper.shared().readTree(this.response.body()).path("error").asString("without a name");
			}
			catch (JacksonException ex) {
				error = "without JSON";
			}
		}
		return (status() + " " + error + " " + String.join(", ", details())).strip();
	}

	/**
	 * Types and locations of the details. Polar's labels of the variants of a type are
	 * left out of the locations, because they name its classes.
	 */
	private Set<String> details() {
		Set<String> details = new TreeSet<>();
		try {
			for (JsonNode detail : JsonMapper.shared().readTree(this.response.body()).path("detail")) {
				if (detail.isObject()) {
					details.add(detail.path("type").asString("") + " " + location(detail.path("loc")));
				}
			}
		}
		catch (JacksonException ex) {
			return new LinkedHashSet<>();
		}
		return details;
	}

	private static String location(JsonNode location) {
		return StreamSupport.stream(location.spliterator(), false)
			.map((segment) -> segment.asString(""))
			.filter((segment) -> !segment.matches("[A-Z]\\w+|.*\\[.*|constrained-str"))
			.collect(Collectors.joining("."));
	}

}
