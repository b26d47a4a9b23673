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

package io.github.polarspring.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.PolarTimeoutException;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.client.ApiVersionInserter;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.DefaultUriBuilderFactory;
import org.springframework.web.util.UriBuilder;
import org.springframework.web.util.UriBuilderFactory;

/**
 * Client of the Polar API, for the endpoints that have no template of their own:
 *
 * <pre class="code">
 * Product product = client.get(Product.class, "/v1/products/{id}", id);
 * </pre>
 *
 * Java names are written and read in Polar's snake case, {@code null} is not written,
 * unknown fields and enum values (with {@code @JsonEnumDefaultValue}) are accepted.
 * Nothing of that depends on the application's own JSON settings. An answer may have up
 * to 8 MiB.
 * <p>
 * Every method throws a {@link io.github.polarspring.PolarException}: a
 * {@link PolarConnectionException} if Polar gave no usable answer, a
 * {@link PolarApiException} if it answered with an error, after repeating what may be
 * repeated. A call ends within the total timeout and one read timeout, whatever Polar
 * does. Exceptions that an interceptor of the application throws pass through.
 * <p>
 * Instances are immutable and safe for use by several threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/introduction">Polar's API
 * reference</a>
 */
public final class PolarClient {

	private static final Log logger = LogFactory.getLog(PolarClient.class);

	private static final MultiValueMap<String, String> NO_QUERY = MultiValueMap.fromSingleValue(Map.of());

	private static final long MAX_RESPONSE_SIZE = 8 * 1024 * 1024;

	private final PolarEndpoint endpoint;

	private final PolarErrors errors;

	private final CallRunner calls;

	private final RestClient restClient;

	private final UriBuilderFactory uris;

	private final boolean anonymous;

	private final AtomicBoolean otherVersionReported;

	private PolarClient(Builder builder) {
		this.endpoint = new PolarEndpoint(builder.baseUrl, builder.apiVersion);
		this.errors = new PolarErrors(this.endpoint);
		this.calls = new CallRunner(PolarUrls.environment(builder.baseUrl), builder.maxConcurrentCalls, builder.retry,
				builder.totalTimeout, builder.connectTimeout.plus(builder.readTimeout), builder.observations,
				builder.convention, builder.recentCalls);
		this.uris = new DefaultUriBuilderFactory(this.endpoint.baseUrl().toString());
		this.restClient = restClient(builder, this.endpoint, this.uris);
		this.anonymous = false;
		this.otherVersionReported = new AtomicBoolean();
	}

	private PolarClient(PolarClient client, boolean anonymous) {
		this.endpoint = client.endpoint;
		this.errors = client.errors;
		this.calls = client.calls;
		this.restClient = client.restClient;
		this.uris = client.uris;
		this.anonymous = anonymous;
		this.otherVersionReported = client.otherVersionReported;
	}

	private static RestClient restClient(Builder builder, PolarEndpoint endpoint, UriBuilderFactory uris) {
		RestClient.Builder restClient = RestClient.builder().requestFactory(requestFactory(builder));
		builder.customizers.forEach((customizer) -> customizer.accept(restClient));
		ApiVersionInserter noVersion = new ApiVersionInserter() {
		};
		PolarRequestInterceptor interceptor = new PolarRequestInterceptor(endpoint, accessToken(builder.accessToken),
				builder.readTimeout, builder.totalTimeout, MAX_RESPONSE_SIZE);
		return restClient.uriBuilderFactory(uris)
			.apiVersionInserter(noVersion)
			// it would read the whole body before its size is checked
			.bufferContent((uri, method) -> false)
			.requestInterceptors((interceptors) -> interceptors.add(interceptor))
			.build();
	}

	private static ClientHttpRequestFactory requestFactory(Builder builder) {
		if (builder.requestFactory != null) {
			return builder.requestFactory;
		}
		HttpClient httpClient = (builder.httpClient != null) ? builder.httpClient
				: HttpClient.newBuilder()
					.connectTimeout(builder.connectTimeout)
					.followRedirects(HttpClient.Redirect.NEVER)
					// a dead connection of HTTP/2 would stay in use by all calls
					.version(HttpClient.Version.HTTP_1_1)
					.build();
		return new BoundedJdkRequestFactory(httpClient, builder.readTimeout, MAX_RESPONSE_SIZE);
	}

	private static String accessToken(@Nullable String accessToken) {
		if (!StringUtils.hasText(accessToken)) {
			throw new PolarConfigurationException("No access token for Polar is set.",
					"Set 'polar.access-token' or the environment variable POLAR_ACCESS_TOKEN to an organization access"
							+ " token, made in Polar's dashboard under Settings.");
		}
		String token = accessToken.strip();
		if (!token.chars().allMatch((c) -> c > 0x20 && c < 0x7f)) {
			throw new PolarConfigurationException(
					"The access token for Polar holds a blank or a character that an HTTP header cannot carry.",
					"Set 'polar.access-token' to the token exactly as Polar's dashboard shows it.");
		}
		return token;
	}

	/**
	 * Get an object. The call is repeated if it fails for a reason that may pass.
	 * @param type the type to read the answer as
	 * @param path path with template variables; slashes at the end count
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the answer
	 * @return the answer
	 */
	public <T> T get(Class<T> type, String path, Object... uriVariables) {
		return exchange(HttpMethod.GET, javaType(type), path, NO_QUERY, null, uriVariables);
	}

	/**
	 * Get a page of a list. The call is repeated if it fails for a reason that may pass.
	 * @param itemType the type to read each item as
	 * @param path path with template variables; slashes at the end count
	 * @param query query parameters, each as often as it has values, encoded by this
	 * method. They can be personal data: interceptors and observations do not see them.
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the items
	 * @return the page
	 */
	public <T> PolarPage<T> list(Class<T> itemType, String path, MultiValueMap<String, String> query,
			Object... uriVariables) {
		JavaType type = PolarJson.MAPPER.getTypeFactory().constructParametricType(ListResource.class, itemType);
		ListResource<T> page = exchange(HttpMethod.GET, type, path, query, null, uriVariables);
		return page.toPage();
	}

	/**
	 * Post an object. Polar knows no idempotency key, so the call is repeated only if it
	 * was surely not processed: there was no connection, or there were too many calls.
	 * @param type the type to read the answer as
	 * @param path path with template variables; slashes at the end count
	 * @param body what to send
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the answer
	 * @return the answer
	 */
	public <T> T post(Class<T> type, String path, Object body, Object... uriVariables) {
		return exchange(HttpMethod.POST, javaType(type), path, NO_QUERY, body, uriVariables);
	}

	/**
	 * Post an object of which a second one does no harm: the call is also repeated if the
	 * first may have been processed.
	 * @param type the type to read the answer as
	 * @param path path with template variables; slashes at the end count
	 * @param body what to send
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the answer
	 * @return the answer
	 */
	public <T> T post(Class<T> type, String path, RepeatableBody body, Object... uriVariables) {
		return exchange(HttpMethod.POST, javaType(type), path, NO_QUERY, body, uriVariables);
	}

	/**
	 * Change an object: what the body leaves out stays as it is. The call is repeated
	 * only if it was surely not processed: there was no connection, there were too many
	 * calls, or the object was locked.
	 * @param type the type to read the answer as
	 * @param path path with template variables; slashes at the end count
	 * @param body what to send
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the answer
	 * @return the answer
	 */
	public <T> T patch(Class<T> type, String path, Object body, Object... uriVariables) {
		return exchange(HttpMethod.PATCH, javaType(type), path, NO_QUERY, body, uriVariables);
	}

	/**
	 * Return a client for the endpoints that take a credential in the path in place of
	 * the access token, such as the client secret of a checkout session. It sends no
	 * token, and interceptors and observations do not see the values of template
	 * variables.
	 * @return a client that shares everything else with this one
	 */
	public PolarClient withoutAccessToken() {
		return new PolarClient(this, true);
	}

	private static JavaType javaType(Class<?> type) {
		return PolarJson.MAPPER.constructType(type);
	}

	private <T> T exchange(HttpMethod method, JavaType type, String path, MultiValueMap<String, String> query,
			@Nullable Object body, Object... uriVariables) {
		String operation = method + " " + path;
		Object[] visibleVariables = Arrays.stream(uriVariables).map(this::visible).toArray();
		URI visibleUri = (uriVariables.length == 0) ? fixed(path) : this.uris.expand(path, visibleVariables);
		boolean visible = query.isEmpty() && Arrays.equals(uriVariables, visibleVariables);
		Target target = new Target(visible ? visibleUri : uri(path, query, uriVariables), visibleUri, this.anonymous);
		RepeatableBody repeatable = (body instanceof RepeatableBody changing) ? changing : null;
		boolean harmless = method == HttpMethod.GET || repeatable != null;
		return this.calls.run(new Call(operation, harmless, repeatable, this.anonymous), (current, deadline) -> {
			RestClient.RequestBodySpec request = this.restClient.method(method)
				.uri(path, (uri) -> visibleUri)
				.attribute(PolarRequestInterceptor.TARGET_ATTRIBUTE, target)
				.attribute(PolarRequestInterceptor.DEADLINE_ATTRIBUTE, deadline);
			return attempt(operation, type, request, (current != null) ? current.content() : body);
		});
	}

	/**
	 * Return what others may see of a template variable: it can be a client secret, or an
	 * id that the application gave to a customer, such as an e-mail address.
	 */
	private Object visible(Object variable) {
		return (!this.anonymous && variable instanceof UUID) ? variable : "hidden";
	}

	private <T> T attempt(String operation, JavaType type, RestClient.RequestBodySpec request, @Nullable Object body) {
		if (body != null) {
			byte[] content = write(operation, body);
			request.contentType(MediaType.APPLICATION_JSON)
				.contentLength(content.length)
				.body((outputStream) -> outputStream.write(content));
		}
		try {
			return request.exchangeForRequiredValue((httpRequest, response) -> read(operation, type, response));
		}
		catch (ResourceAccessException ex) {
			// its message holds the URL, which can hold a secret
			AttemptFailure failure = AttemptFailure
				.of((ex.getCause() instanceof IOException io) ? io : new IOException("I/O error"));
			String message = "%s failed: no usable answer from Polar (%s): %s".formatted(operation,
					this.endpoint.name(), failure.getMessage());
			// with a RestClientException among the causes, Spring MVC does not take a
			// connection that Polar reset for a browser that went away
			ResourceAccessException cause = new ResourceAccessException(String.valueOf(failure.getMessage()), failure);
			throw (failure.outcome() == CallOutcome.TIMEOUT) ? new PolarTimeoutException(message, cause)
					: new PolarConnectionException(message, cause);
		}
	}

	/**
	 * Expand a path without variables, without parsing and encoding what needs neither.
	 */
	private URI fixed(String path) {
		boolean plain = path.startsWith("/") && !path.contains("//") && path.chars()
			.allMatch((c) -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '/' || c == '-' || c == '_');
		return plain ? URI.create(this.endpoint.baseUrl() + path) : this.uris.expand(path);
	}

	private URI uri(String path, MultiValueMap<String, String> query, Object... uriVariables) {
		UriBuilder uri = this.uris.uriString(path);
		List<Object> variables = new ArrayList<>(Arrays.asList(uriVariables));
		query.forEach((name, values) -> values.forEach((value) -> {
			uri.queryParam(name, "{value}");
			variables.add(value);
		}));
		return uri.build(variables.toArray());
	}

	private static byte[] write(String operation, Object body) {
		try {
			return PolarJson.MAPPER.writeValueAsBytes(body);
		}
		catch (JacksonException ex) {
			// not as the cause: its message can hold parts of the body
			throw new IllegalArgumentException(
					operation + ": a body of " + body.getClass().getName() + " cannot be written as JSON");
		}
	}

	private <T> T read(String operation, JavaType type, ClientHttpResponse response) throws IOException {
		int status = response.getStatusCode().value();
		byte[] content;
		try (InputStream body = response.getBody()) {
			content = body.readAllBytes();
		}
		if (status >= 400) {
			throw this.errors.exception(operation, this.anonymous, status, response.getHeaders(), content);
		}
		if (status < 200 || status >= 300) {
			throw new PolarConnectionException(
					"%s failed: Polar (%s) answered %d, and redirects are not followed. Check 'polar.base-url'."
						.formatted(operation, this.endpoint.name(), status),
					null);
		}
		reportOtherVersion(response.getHeaders().getFirst(PolarEndpoint.VERSION_HEADER));
		try {
			T value = PolarJson.MAPPER.readValue(content, type);
			if (value != null) {
				return value;
			}
			throw unreadable(operation, status, "it is null");
		}
		catch (JacksonException ex) {
			// not as the cause: its message can hold parts of the answer
			throw unreadable(operation, status, (ex instanceof DatabindException && !ex.getPath().isEmpty())
					? "at " + ex.getPathReference().replaceAll("[\\w.$]+\\[", "[") : "not the expected JSON");
		}
	}

	private PolarConnectionException unreadable(String operation, int status, String reason) {
		return new PolarConnectionException("%s failed: the answer of Polar (%s) with status %d cannot be read: %s"
			.formatted(operation, this.endpoint.name(), status, reason), null);
	}

	private void reportOtherVersion(@Nullable String version) {
		if (version != null && !version.equals(this.endpoint.apiVersion())
				&& this.otherVersionReported.compareAndSet(false, true)) {
			logger
				.warn("Polar (%s) answers in another API version than '%s', the one asked for: check polar.api-version"
					.formatted(this.endpoint.name(), this.endpoint.apiVersion()));
		}
	}

	/**
	 * Return a builder, for use without Spring Boot. With it, {@code polar.*} properties
	 * and a {@link PolarRestClientCustomizer} do the same.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Builder of a {@link PolarClient}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private URI baseUrl = PolarEnvironment.PRODUCTION.baseUrl();

		private String apiVersion = "2026-10";

		private @Nullable String accessToken;

		private Duration connectTimeout = Duration.ofSeconds(2);

		private Duration readTimeout = Duration.ofSeconds(6);

		private Duration totalTimeout = Duration.ofSeconds(15);

		private int maxConcurrentCalls = 64;

		private RetrySettings retry = RetrySettings.DEFAULTS;

		private ObservationRegistry observations = ObservationRegistry.NOOP;

		private @Nullable PolarApiObservationConvention convention;

		private @Nullable RecentCalls recentCalls;

		private @Nullable HttpClient httpClient;

		private @Nullable ClientHttpRequestFactory requestFactory;

		private final List<Consumer<RestClient.Builder>> customizers = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Set the organization access token.
		 * @param accessToken the token; blanks around it are ignored
		 * @return this builder
		 */
		public Builder accessToken(@Nullable String accessToken) {
			this.accessToken = accessToken;
			return this;
		}

		/**
		 * Set the environment to call, production by default.
		 * @param environment the environment
		 * @return this builder
		 */
		public Builder environment(PolarEnvironment environment) {
			return baseUrl(environment.baseUrl());
		}

		/**
		 * Set the base URL of the API, for anything but Polar's environments.
		 * @param baseUrl an https URL, or an http URL to a loopback address
		 * @return this builder
		 * @throws IllegalArgumentException if the URL would send the token in the clear
		 * or cannot be a base URL
		 */
		public Builder baseUrl(URI baseUrl) {
			this.baseUrl = PolarUrls.requireBaseUrl(baseUrl);
			return this;
		}

		/**
		 * Set the version of the API to ask for, the current one by default.
		 * @param apiVersion year and month, such as {@code 2026-10}
		 * @return this builder
		 */
		public Builder apiVersion(String apiVersion) {
			Assert.isTrue(apiVersion.matches("\\d{4}-\\d{2}"),
					"apiVersion must have the form YYYY-MM, such as 2026-10");
			this.apiVersion = apiVersion;
			return this;
		}

		/**
		 * Set how long one attempt may take. A further attempt starts only if there is as
		 * much left of the total timeout.
		 * @param connectTimeout time to wait for a connection, 2 seconds by default
		 * @param readTimeout time to wait for an answer, 6 seconds by default
		 * @return this builder
		 */
		public Builder timeouts(Duration connectTimeout, Duration readTimeout) {
			this.connectTimeout = positive(connectTimeout, "connectTimeout");
			this.readTimeout = positive(readTimeout, "readTimeout");
			return this;
		}

		/**
		 * Set the time that a call may take in all, 15 seconds by default, with all
		 * attempts and the pauses between them. A response that is still coming in then
		 * is given up at its next read, so the bound is this time plus one read timeout.
		 * @param totalTimeout the maximum duration of a call
		 * @return this builder
		 */
		public Builder totalTimeout(Duration totalTimeout) {
			this.totalTimeout = positive(totalTimeout, "totalTimeout");
			return this;
		}

		/**
		 * Set how often a call that fails for a reason that may pass is made, 3 times by
		 * default, and how long to wait in between. The pauses double, and vary by
		 * chance.
		 * @param maxAttempts how often to try at most; 1 to repeat nothing
		 * @param initialDelay pause before the second attempt, 200 ms by default
		 * @param maxDelay what the pauses grow to, 2 seconds by default
		 * @return this builder
		 */
		public Builder retry(int maxAttempts, Duration initialDelay, Duration maxDelay) {
			this.retry = new RetrySettings(maxAttempts, initialDelay, maxDelay);
			return this;
		}

		/**
		 * Set how many calls may be under way at a time, 64 by default. Any further one
		 * fails at once with a {@link io.github.polarspring.PolarSaturationException}.
		 * @param maxConcurrentCalls the number of calls
		 * @return this builder
		 */
		public Builder maxConcurrentCalls(int maxConcurrentCalls) {
			Assert.isTrue(maxConcurrentCalls >= 1, "maxConcurrentCalls must be 1 at least");
			this.maxConcurrentCalls = maxConcurrentCalls;
			return this;
		}

		/**
		 * Set where calls are observed, nowhere by default.
		 * @param observations the registry
		 * @param convention names and tags, {@code null} for the default ones
		 * @return this builder
		 */
		public Builder observations(ObservationRegistry observations,
				@Nullable PolarApiObservationConvention convention) {
			this.observations = observations;
			this.convention = convention;
			return this;
		}

		/**
		 * Set who remembers how calls ended. The health of Polar is told from it: pass
		 * the bean when you make a client of your own.
		 * @param recentCalls the memory
		 * @return this builder
		 */
		public Builder recentCalls(RecentCalls recentCalls) {
			this.recentCalls = recentCalls;
			return this;
		}

		/**
		 * Set the JDK's HTTP client to call Polar with. It should connect within the
		 * timeout of {@link #timeouts}; how long an answer may take is taken care of.
		 * HTTP/1.1 is advisable: a dead connection of HTTP/2 stays in use by all calls.
		 * @param httpClient the client
		 * @return this builder
		 * @throws IllegalArgumentException if the client follows redirects: it would take
		 * the access token along
		 */
		public Builder httpClient(HttpClient httpClient) {
			Assert.isTrue(httpClient.followRedirects() == HttpClient.Redirect.NEVER,
					"httpClient must not follow redirects");
			this.httpClient = httpClient;
			this.requestFactory = null;
			return this;
		}

		/**
		 * Set the request factory, for any other client than the JDK's. It must not
		 * follow redirects, and brings timeouts of its own, which {@link #timeouts}
		 * should be told, too.
		 * @param requestFactory the request factory
		 * @return this builder
		 */
		public Builder requestFactory(ClientHttpRequestFactory requestFactory) {
			this.requestFactory = requestFactory;
			this.httpClient = null;
			return this;
		}

		/**
		 * Add a callback that customizes the underlying {@link RestClient}, before what
		 * the API needs is set.
		 * @param customizer the callback
		 * @return this builder
		 * @see PolarRestClientCustomizer
		 */
		public Builder restClient(Consumer<RestClient.Builder> customizer) {
			this.customizers.add(customizer);
			return this;
		}

		private static Duration positive(Duration timeout, String name) {
			Assert.isTrue(!timeout.isNegative() && !timeout.isZero(), () -> name + " must be positive");
			return timeout;
		}

		/**
		 * Build the client. Calls nothing.
		 * @return a new client
		 * @throws PolarConfigurationException if there is no usable access token
		 */
		public PolarClient build() {
			return new PolarClient(this);
		}

	}

}
