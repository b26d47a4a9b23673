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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarTimeoutException;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.client.ApiVersionInserter;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.DefaultUriBuilderFactory;
import org.springframework.web.util.UriBuilder;
import org.springframework.web.util.UriBuilderFactory;

/**
 * Client for the Polar API, for endpoints that have no dedicated template:
 *
 * <pre class="code">
 * Product product = client.get(Product.class, "/v1/products/{id}", id);
 *
 * client.delete("/v1/webhooks/endpoints/{id}", id);
 *
 * CustomerSession session = client.call(HttpMethod.POST, "/v1/customer-sessions/")
 *     .body(Map.of("external_customer_id", user))
 *     .retryable()
 *     .retrieve(CustomerSession.class);
 * </pre>
 *
 * The methods that are named after an HTTP method make the usual calls. Everything else
 * (a query, a call without a body or without a result, a write that may be retried) goes
 * through {@link #call}.
 * <p>
 * Java names are written and read in Polar's snake case, {@code null} is not written,
 * unknown fields and enum values (with {@code @JsonEnumDefaultValue}) are accepted. None
 * of this depends on the application's own JSON settings. A response is limited to 8 MiB.
 * A result is never {@code null}.
 * <p>
 * Every call throws a {@link PolarException}: a {@link PolarConnectionException} if there
 * was no usable response, a {@link PolarApiException} if Polar responded with an error,
 * after the retries that the call allows. A call ends within the total timeout plus one
 * read timeout, whatever Polar does. Exceptions that an interceptor of the application
 * throws are passed through.
 * <p>
 * Instances are immutable and safe for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/introduction">Polar's API
 * reference</a>
 */
public final class PolarClient {

	private static final Log logger = LogFactory.getLog(PolarClient.class);

	private static final long MAX_RESPONSE_SIZE = 8 * 1024 * 1024;

	/**
	 * The NUL character as JSON escapes it, and unpaired surrogates.
	 */
	private static final Pattern UNSTORABLE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*+\\\\u0000|\\p{Cs}");

	private final PolarEndpoint endpoint;

	private final PolarErrors errors;

	private final CallRunner calls;

	private final RestClient restClient;

	private final UriBuilderFactory uris;

	private final boolean anonymous;

	private final AtomicBoolean otherVersionReported;

	private final Duration outcomeTimeout;

	/**
	 * The {@link System#nanoTime()} by which all calls end, {@code null} for none.
	 */
	private final @Nullable Long limit;

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
		this.outcomeTimeout = builder.outcomeTimeout;
		this.limit = null;
	}

	private PolarClient(PolarClient client, CallRunner calls, boolean anonymous, @Nullable Long limit) {
		this.endpoint = client.endpoint;
		this.errors = client.errors;
		this.calls = calls;
		this.restClient = client.restClient;
		this.uris = client.uris;
		this.anonymous = anonymous;
		this.otherVersionReported = client.otherVersionReported;
		this.outcomeTimeout = client.outcomeTimeout;
		this.limit = limit;
	}

	private static RestClient restClient(Builder builder, PolarEndpoint endpoint, UriBuilderFactory uris) {
		RestClient.Builder restClient = RestClient.builder();
		if (!builder.requestFactorySet) {
			restClient.requestFactory(new BoundedJdkRequestFactory(HttpClient.newBuilder()
				.connectTimeout(builder.connectTimeout)
				.followRedirects(HttpClient.Redirect.NEVER)
				// all calls would keep using a dead HTTP/2 connection
				.version(HttpClient.Version.HTTP_1_1)
				.build(), builder.readTimeout, MAX_RESPONSE_SIZE));
		}
		builder.customizers.forEach((customizer) -> customizer.accept(restClient));
		ApiVersionInserter noVersion = new ApiVersionInserter() {
		};
		PolarRequestInterceptor interceptor = new PolarRequestInterceptor(endpoint, accessToken(builder.accessToken),
				builder.readTimeout, MAX_RESPONSE_SIZE);
		return restClient.uriBuilderFactory(uris)
			.apiVersionInserter(noVersion)
			// buffering would read the whole body before its size is checked
			.bufferContent((uri, method) -> false)
			.requestInterceptors((interceptors) -> interceptors.add(interceptor))
			.build();
	}

	private static String accessToken(@Nullable String accessToken) {
		if (!StringUtils.hasText(accessToken)) {
			throw new PolarConfigurationException("No access token for Polar is set.",
					"Set 'polar.access-token' or the environment variable POLAR_ACCESS_TOKEN to an organization"
							+ " access token. Create one in Polar's dashboard under Settings.");
		}
		return accessToken.strip();
	}

	/**
	 * Get an object. The call is retried after failures that can be temporary.
	 * @param type the type to read the response as
	 * @param path path with template variables; a trailing slash is significant
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the result
	 * @return the result
	 * @throws IllegalArgumentException if a value cannot be used in a path, see
	 * {@link #call}
	 */
	public <T> T get(Class<T> type, String path, Object... uriVariables) {
		return call(HttpMethod.GET, path, uriVariables).retrieve(type);
	}

	/**
	 * Get a page of a list. The call is retried after failures that can be temporary.
	 * @param itemType the type to read each item as
	 * @param path path with template variables; a trailing slash is significant
	 * @param query query parameters, encoded by this method. A parameter with several
	 * values is repeated. Interceptors and observations do not see them, because they can
	 * contain personal data.
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the items
	 * @return the page
	 */
	public <T> PolarPage<T> list(Class<T> itemType, String path, MultiValueMap<String, String> query,
			Object... uriVariables) {
		JavaType type = PolarJson.MAPPER.getTypeFactory().constructParametricType(ListResource.class, itemType);
		CallSpec call = call(HttpMethod.GET, path, uriVariables);
		query.forEach((name, values) -> call.query(name, values.toArray()));
		ListResource<T> page = call.exchange(reader(type));
		return page.toPage();
	}

	/**
	 * Post an object. Polar does not support idempotency keys, so the call is retried
	 * only if it was certainly not processed: no connection was established, or there
	 * were too many calls.
	 * @param type the type to read the response as
	 * @param path path with template variables; a trailing slash is significant
	 * @param body what to send
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the result
	 * @return the result
	 * @see CallSpec#retryable()
	 */
	public <T> T post(Class<T> type, String path, Object body, Object... uriVariables) {
		return call(HttpMethod.POST, path, uriVariables).body(body).retrieve(type);
	}

	/**
	 * Change an object. Fields that the body does not contain keep their values. The call
	 * is retried only if it was certainly not processed: no connection was established,
	 * there were too many calls, or the object was locked.
	 * @param type the type to read the response as
	 * @param path path with template variables; a trailing slash is significant
	 * @param body what to send
	 * @param uriVariables values of the template variables, encoded by this method
	 * @param <T> the type of the result
	 * @return the result
	 */
	public <T> T patch(Class<T> type, String path, Object body, Object... uriVariables) {
		return call(HttpMethod.PATCH, path, uriVariables).body(body).retrieve(type);
	}

	/**
	 * Delete an object. The call is retried only if it was certainly not processed, see
	 * {@link #patch}. For the endpoints that return the deleted object, use {@link #call}
	 * and {@link CallSpec#retrieve}.
	 * @param path path with template variables; a trailing slash is significant
	 * @param uriVariables values of the template variables, encoded by this method
	 */
	public void delete(String path, Object... uriVariables) {
		call(HttpMethod.DELETE, path, uriVariables).execute();
	}

	/**
	 * Describe a call, to be made by {@link CallSpec#retrieve} or
	 * {@link CallSpec#execute}.
	 * <p>
	 * Not every id can be used in a path, even if encoded: Polar decodes the path before
	 * it selects the route, so that with {@code /v1/customers/external/{id}}, the id
	 * {@code a/state} would return the state of the customer {@code a}. Values that
	 * contain a slash, are empty, or equal {@code .} or {@code ..} are therefore
	 * rejected. Pass such an id in a query parameter or in the body instead, as with
	 * {@code external_customer_id}.
	 * @param method the HTTP method
	 * @param path path with template variables; a trailing slash is significant
	 * @param uriVariables values of the template variables, encoded by the client.
	 * Interceptors and observations see only values of type {@link UUID}, because any
	 * other can be a secret or personal data.
	 * @return the call, without query and body
	 * @throws IllegalArgumentException if a value in the path contains a slash or is
	 * empty, {@code .} or {@code ..}, or if the path itself contains such a segment or an
	 * encoded slash. The message does not contain the value.
	 */
	public CallSpec call(HttpMethod method, String path, Object... uriVariables) {
		Assert.notNull(method, "method must not be null");
		Assert.notNull(path, "path must not be null");
		return new CallSpec(method, path, uriVariables);
	}

	/**
	 * Return a client for the endpoints that take a credential in the path in place of
	 * the access token, such as the client secret of a checkout session. It sends no
	 * token, and interceptors and observations do not see the values of template
	 * variables.
	 * @return a client that shares everything else with this one
	 */
	public PolarClient withoutAccessToken() {
		return new PolarClient(this, this.calls, true, this.limit);
	}

	/**
	 * Return a client for calls that the application can do without, such as a check in
	 * the background. They are observed, and throw the same exceptions, but do not affect
	 * the health, and a missing scope is not logged as an error.
	 * @return a client that shares everything else with this one
	 */
	public PolarClient forChecks() {
		return new PolarClient(this, this.calls.unreported(), this.anonymous, this.limit);
	}

	/**
	 * Return the value of a template variable that interceptors and observations see.
	 * Values other than UUIDs can be client secrets, or external ids such as an e-mail
	 * address.
	 */
	private Object visible(Object variable) {
		return (!this.anonymous && variable instanceof UUID) ? variable : "hidden";
	}

	private <T> T attempt(String operation, RestClient.RequestBodySpec request, @Nullable Object body,
			ResultReader<T> reader) {
		if (body != null) {
			byte[] content = write(operation, body);
			request.contentType(MediaType.APPLICATION_JSON)
				.contentLength(content.length)
				.body((outputStream) -> outputStream.write(content));
		}
		try {
			return request.exchangeForRequiredValue((httpRequest, response) -> read(operation, response, reader));
		}
		catch (ResourceAccessException ex) {
			// its message contains the URL, which can contain a secret
			AttemptFailure failure = AttemptFailure
				.of((ex.getCause() instanceof IOException io) ? io : new IOException("I/O error"));
			String message = "%s failed: no usable response from Polar (%s): %s".formatted(operation,
					this.endpoint.name(), failure.getMessage());
			// because of the RestClientException among the causes, Spring MVC does not
			// mistake a connection that Polar reset for a disconnected browser
			ResourceAccessException cause = new ResourceAccessException(String.valueOf(failure.getMessage()), failure);
			throw (failure.outcome() == CallOutcome.TIMEOUT) ? new PolarTimeoutException(message, cause)
					: new PolarConnectionException(message, cause);
		}
	}

	private URI uri(String path, MultiValueMap<String, Object> query, Object... uriVariables) {
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
			String json = PolarJson.MAPPER.writeValueAsString(body);
			Assert.isTrue(!UNSTORABLE.matcher(json).find(), () -> operation
					+ ": a body must contain neither the NUL character nor unpaired surrogates, which Polar cannot store");
			return json.getBytes(StandardCharsets.UTF_8);
		}
		catch (JacksonException ex) {
			// not as the cause: its message can contain parts of the body
			throw new IllegalArgumentException(
					operation + ": a body of " + body.getClass().getName() + " cannot be written as JSON");
		}
	}

	private <T> T read(String operation, ClientHttpResponse response, ResultReader<T> reader) throws IOException {
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
					"%s failed: Polar (%s) responded with %d, and redirects are not followed. %s".formatted(operation,
							this.endpoint.name(), status,
							hint(operation, response.getHeaders().getFirst(HttpHeaders.LOCATION))),
					null);
		}
		reportOtherVersion(response.getHeaders().getFirst(PolarEndpoint.VERSION_HEADER));
		return reader.read(operation, status, content);
	}

	/**
	 * Return the likely cause of a redirect. Polar redirects only to add or remove a
	 * slash at the end of the path.
	 */
	private static String hint(String operation, @Nullable String location) {
		String path = operation.split("[?#]", 2)[0];
		String target = (location != null) ? location.split("[?#]", 2)[0] : "";
		boolean samePath = path.contains("{") || lastSegment(target).equals(lastSegment(path));
		if (!samePath || target.endsWith("/") == path.endsWith("/")) {
			return "Check 'polar.base-url'.";
		}
		return target.endsWith("/") ? "The path must end with a slash." : "The path must not end with a slash.";
	}

	private static String lastSegment(String path) {
		String trimmed = StringUtils.trimTrailingCharacter(path, '/');
		return trimmed.substring(trimmed.lastIndexOf('/') + 1);
	}

	private <T> ResultReader<T> reader(JavaType type) {
		return (operation, status, content) -> {
			try {
				T value = PolarJson.MAPPER.readValue(content, type);
				if (value != null) {
					return value;
				}
				throw unreadable(operation, status, "it is null");
			}
			catch (JacksonException ex) {
				// not as the cause: its message can contain parts of the response
				throw unreadable(operation, status, (ex instanceof DatabindException && !ex.getPath().isEmpty())
						? "at " + ex.getPathReference().replaceAll("[\\w.$]+\\[", "[") : "not the expected JSON");
			}
		};
	}

	private PolarConnectionException unreadable(String operation, int status, String reason) {
		return new PolarConnectionException("%s failed: the response from Polar (%s) with status %d cannot be read: %s"
			.formatted(operation, this.endpoint.name(), status, reason), null);
	}

	private void reportOtherVersion(@Nullable String version) {
		if (version != null && !version.equals(this.endpoint.apiVersion())
				&& this.otherVersionReported.compareAndSet(false, true)) {
			logger.warn(("Polar (%s) responds with another API version than the requested version '%s'. Check"
					+ " 'polar.api-version'")
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
	 * Call to the Polar API. Nothing is sent before {@link #retrieve} or
	 * {@link #execute}. Not safe for use by multiple threads.
	 */
	public final class CallSpec {

		private final HttpMethod method;

		private final String path;

		private final Object[] uriVariables;

		private final MultiValueMap<String, Object> query = new LinkedMultiValueMap<>();

		private @Nullable Object body;

		private boolean retryable;

		private boolean single;

		private @Nullable Function<PolarException, @Nullable Object> fallback;

		private CallSpec(HttpMethod method, String path, Object... uriVariables) {
			this.method = method;
			this.path = path;
			this.uriVariables = uriVariables.clone();
			PolarUrls.requireSafePath(path, this.uriVariables);
			this.retryable = method == HttpMethod.GET;
		}

		/**
		 * Add a query parameter. Interceptors and observations do not see it: it can be
		 * personal data.
		 * @param name name of the parameter
		 * @param values its values, encoded by the client; the parameter is repeated for
		 * each
		 * @return this call
		 */
		public CallSpec query(String name, Object... values) {
			Assert.hasText(name, "name must not be blank");
			Assert.noNullElements(values, () -> "values of '" + name + "' must not contain null");
			this.query.addAll(name, Arrays.asList(values));
			return this;
		}

		/**
		 * Set the body to send. A call without a body is sent with {@code Content-Length:
		 * 0} where Polar requires it.
		 * @param body an object to write as JSON
		 * @return this call
		 */
		public CallSpec body(Object body) {
			Assert.notNull(body, "body must not be null");
			this.body = body;
			return this;
		}

		/**
		 * Allow retries although Polar may have processed the call: after a timeout, a
		 * lost connection, and status 502, 503 or 504. Use it for a call that does no
		 * harm if it is processed twice. A GET is always retryable; any other call is
		 * retried only if it was certainly not processed.
		 * @return this call
		 */
		public CallSpec retryable() {
			this.retryable = true;
			return this;
		}

		/**
		 * Make a single attempt, for a caller that retries at its own pace.
		 * @return this call
		 */
		public CallSpec withoutRetries() {
			this.single = true;
			return this;
		}

		/**
		 * Set a function that returns another body to send after a failure. It is called
		 * in the thread of the call, and its body is sent without delay. At most one such
		 * body is sent per call, which is then retried like any other.
		 * <p>
		 * If Polar rejected the request (a {@link PolarApiException} with a 4xx status),
		 * this does not count as an attempt, and only has to start before the total
		 * timeout ends. After any other failure it counts as an attempt, must fit into
		 * the total timeout, and happens only if the call is {@link #retryable}.
		 * @param fallback returns a body for the failure, or {@code null} to treat the
		 * failure as if there were no fallback. It must not call Polar.
		 * @return this call
		 */
		public CallSpec fallback(Function<PolarException, @Nullable Object> fallback) {
			Assert.notNull(fallback, "fallback must not be null");
			this.fallback = fallback;
			return this;
		}

		/**
		 * Make the call and return its result.
		 * @param type the type to read the response as
		 * @param <T> the type of the result
		 * @return the result
		 * @throws PolarConnectionException if there was no usable response. A response
		 * with a 2xx status and without the expected content is not usable: use
		 * {@link #execute()} for endpoints that have none.
		 * @throws PolarApiException if Polar responded with an error
		 */
		public <T> T retrieve(Class<T> type) {
			return exchange(reader(PolarJson.MAPPER.constructType(type)));
		}

		/**
		 * Make the call and return its result, if the response contains one. Polar
		 * responds without content while it is still generating what was asked for.
		 * @param type the type to read the response as
		 * @param <T> the type of the result
		 * @return the result, empty if the response has no content or is {@code null}
		 * @throws PolarConnectionException if there was no usable response
		 * @throws PolarApiException if Polar responded with an error
		 */
		public <T> Optional<T> retrieveIfPresent(Class<T> type) {
			ResultReader<T> reader = reader(PolarJson.MAPPER.constructType(type));
			return exchange((operation, status, content) -> {
				String text = new String(content, StandardCharsets.UTF_8).strip();
				return (text.isEmpty() || text.equals("null")) ? Optional.empty()
						: Optional.of(reader.read(operation, status, content));
			});
		}

		/**
		 * Make the call and ignore the content of the response, if there is any.
		 * @throws PolarConnectionException if there was no usable response
		 * @throws PolarApiException if Polar responded with an error
		 */
		public void execute() {
			exchange((operation, status, content) -> status);
		}

		/**
		 * Make a call that must not be made twice, such as one that charges a card. If it
		 * is not known whether Polar processed it, its effect is looked for every second,
		 * as long as {@link Builder#outcomeTimeout}.
		 * @param type the type to read the response as
		 * @param effect looks for the effect, empty while there is none. It is called
		 * only if the outcome is unknown, and its own failures count as no effect. It
		 * must call Polar with the client that it gets, whose calls end in time
		 * @param <T> the type of the result
		 * @return the result, or the effect
		 * @throws PolarOutcomeUnknownException if it is not known whether Polar processed
		 * the call, and there is no effect yet
		 * @throws PolarConnectionException if Polar was not reached
		 * @throws PolarApiException if Polar rejected the call
		 */
		public <T> T retrieveOnce(Class<T> type, Function<PolarClient, Optional<T>> effect) {
			Assert.state(!this.retryable, "The call must not be retryable");
			try {
				return retrieve(type);
			}
			catch (PolarException ex) {
				if (!CallOutcome.of(ex).isUnknown()) {
					throw ex;
				}
				long end = System.nanoTime() + PolarClient.this.outcomeTimeout.toNanos();
				PolarClient limited = new PolarClient(PolarClient.this, PolarClient.this.calls,
						PolarClient.this.anonymous, end);
				return EffectSearch.run(() -> effect.apply(limited), end, ex)
					.orElseThrow(() -> new PolarOutcomeUnknownException(
							"It is not known whether Polar processed " + this.method + " " + this.path, ex));
			}
		}

		private <T> T exchange(ResultReader<T> reader) {
			PolarClient client = PolarClient.this;
			String operation = this.method + " " + this.path;
			Object[] visibleVariables = Arrays.stream(this.uriVariables).map(client::visible).toArray();
			URI visibleUri = client.uris.expand(this.path, visibleVariables);
			boolean hiding = this.uriVariables.length > 0 || !this.query.isEmpty();
			URI uri = hiding ? uri(this.path, this.query, this.uriVariables) : visibleUri;
			Call call = new Call(operation, this.retryable, this.single, this.body, this.fallback, client.anonymous,
					client.limit);
			return client.calls.run(call, (currentBody, deadline) -> {
				RestClient.RequestBodySpec request = client.restClient.method(this.method)
					.uri(this.path, (builder) -> visibleUri)
					.attribute(Target.ATTRIBUTE, new Target(uri, visibleUri, client.anonymous, deadline, client.limit));
				return attempt(operation, request, currentBody, reader);
			});
		}

	}

	/**
	 * Reader for the content of a response with a 2xx status.
	 */
	@FunctionalInterface
	private interface ResultReader<T> {

		T read(String operation, int status, byte[] content);

	}

	/**
	 * Builder for a {@link PolarClient}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private URI baseUrl = PolarEnvironment.PRODUCTION.baseUrl();

		private String apiVersion = "2026-10";

		private @Nullable String accessToken;

		private Duration connectTimeout = Duration.ofSeconds(2);

		private Duration readTimeout = Duration.ofSeconds(6);

		private Duration totalTimeout = Duration.ofSeconds(15);

		private Duration outcomeTimeout = Duration.ofSeconds(30);

		private int maxConcurrentCalls = 64;

		private RetrySettings retry = RetrySettings.DEFAULTS;

		private ObservationRegistry observations = ObservationRegistry.NOOP;

		private @Nullable PolarApiObservationConvention convention;

		private @Nullable RecentCalls recentCalls;

		private boolean requestFactorySet;

		private final List<Consumer<RestClient.Builder>> customizers = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Set the organization access token.
		 * @param accessToken the token; surrounding whitespace is ignored
		 * @return this builder
		 * @throws PolarConfigurationException if it cannot be an access token
		 */
		public Builder accessToken(@Nullable String accessToken) {
			if (StringUtils.hasText(accessToken)) {
				AccessTokenFormat.check(accessToken.strip());
			}
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
			Assert.isTrue(apiVersion.matches("\\d{4}-(0[1-9]|1[0-2])"),
					"apiVersion must have the form YYYY-MM, such as 2026-10");
			this.apiVersion = apiVersion;
			return this;
		}

		/**
		 * Set the maximum duration of one attempt. A further attempt starts only if as
		 * much is left of the total timeout.
		 * @param connectTimeout time to wait for a connection, 2 seconds by default
		 * @param readTimeout time to wait for a response, 6 seconds by default
		 * @return this builder
		 */
		public Builder timeouts(Duration connectTimeout, Duration readTimeout) {
			this.connectTimeout = positive(connectTimeout, "connectTimeout");
			this.readTimeout = positive(readTimeout, "readTimeout");
			return this;
		}

		/**
		 * Set the maximum duration of a call, including retries and the delays between
		 * them, 15 seconds by default. A response that is still being received at that
		 * time is abandoned at its next read, so the bound is this time plus one read
		 * timeout.
		 * @param totalTimeout the maximum duration of a call
		 * @return this builder
		 */
		public Builder totalTimeout(Duration totalTimeout) {
			this.totalTimeout = positive(totalTimeout, "totalTimeout");
			return this;
		}

		/**
		 * Set how long to look for the effect of a call that charges or refunds money if
		 * its outcome is unknown, 30 seconds by default. The caller waits for so long, in
		 * addition to the time of the call. With an HTTP client other than the JDK's, a
		 * read that is in progress then can take one read timeout longer.
		 * @param outcomeTimeout the maximum duration
		 * @return this builder
		 * @see CallSpec#retrieveOnce
		 */
		public Builder outcomeTimeout(Duration outcomeTimeout) {
			this.outcomeTimeout = positive(outcomeTimeout, "outcomeTimeout");
			return this;
		}

		/**
		 * Set how often a call is attempted if it fails for a reason that can be
		 * temporary, and how long to wait between attempts. The delay doubles with each
		 * attempt, with jitter.
		 * @param maxAttempts maximum number of attempts, 3 by default; 1 for no retries
		 * @param initialDelay delay before the second attempt, 200 ms by default
		 * @param maxDelay maximum delay between attempts, 2 seconds by default
		 * @return this builder
		 */
		public Builder retry(int maxAttempts, Duration initialDelay, Duration maxDelay) {
			this.retry = new RetrySettings(maxAttempts, initialDelay, maxDelay);
			return this;
		}

		/**
		 * Set how many calls may be in progress at a time, 64 by default. Any further one
		 * fails immediately with a
		 * {@link io.github.polarspring.PolarSaturationException}.
		 * @param maxConcurrentCalls the maximum number of calls
		 * @return this builder
		 */
		public Builder maxConcurrentCalls(int maxConcurrentCalls) {
			Assert.isTrue(maxConcurrentCalls >= 1, "maxConcurrentCalls must be at least 1");
			this.maxConcurrentCalls = maxConcurrentCalls;
			return this;
		}

		/**
		 * Set the registry that calls are observed with, none by default.
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
		 * Set the record of how calls ended, from which the health of Polar is derived:
		 * pass the bean when you create your own client.
		 * @param recentCalls the record
		 * @return this builder
		 */
		public Builder recentCalls(RecentCalls recentCalls) {
			this.recentCalls = recentCalls;
			return this;
		}

		/**
		 * Set the JDK's HTTP client to call Polar with. It should connect within the
		 * timeout of {@link #timeouts}; the read timeout is applied by this client.
		 * Prefer HTTP/1.1: all calls would keep using a dead HTTP/2 connection. A request
		 * factory that was set before, also by {@link #restClient}, is replaced.
		 * @param httpClient the client
		 * @return this builder
		 * @throws IllegalArgumentException if the client follows redirects: it would send
		 * the access token along
		 */
		public Builder httpClient(HttpClient httpClient) {
			Assert.isTrue(httpClient.followRedirects() == HttpClient.Redirect.NEVER,
					"httpClient must not follow redirects");
			this.requestFactorySet = true;
			return restClient((restClient) -> restClient
				.requestFactory(new BoundedJdkRequestFactory(httpClient, this.readTimeout, MAX_RESPONSE_SIZE)));
		}

		/**
		 * Set the request factory, for any HTTP client but the JDK's. It must not follow
		 * redirects. It has its own timeouts: pass the same to {@link #timeouts}. One
		 * that was set before, also by {@link #restClient}, is replaced.
		 * @param requestFactory the request factory
		 * @return this builder
		 */
		public Builder requestFactory(ClientHttpRequestFactory requestFactory) {
			this.requestFactorySet = true;
			return restClient((restClient) -> restClient.requestFactory(requestFactory));
		}

		/**
		 * Add a callback that customizes the underlying {@link RestClient}, before the
		 * settings that the API requires are applied. Callbacks run in the order in which
		 * they were added.
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
		 * Build the client. Does not call Polar.
		 * @return a new client
		 * @throws PolarConfigurationException if there is no usable access token
		 */
		public PolarClient build() {
			return new PolarClient(this);
		}

	}

}
