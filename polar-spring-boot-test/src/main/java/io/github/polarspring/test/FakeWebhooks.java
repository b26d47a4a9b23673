package io.github.polarspring.test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Delivers events in their order, one after the other.
 */
final class FakeWebhooks {

	private static final Log logger = LogFactory.getLog(FakeWebhooks.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/**
	 * As long as Polar lets a buyer wait for the delivery.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "polar-fake-webhooks");
		thread.setDaemon(true);
		return thread;
	});

	private volatile @Nullable Future<?> last;

	void add(Supplier<@Nullable URI> url, WebhookSigner signer) {
		this.endpoints.add(new Endpoint(url, signer));
	}

	/**
	 * Deliver an event to every endpoint, some time.
	 */
	void send(String type, Map<String, Object> data) {
		Map<String, Object> event = new LinkedHashMap<>();
		event.put("type", type);
		event.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MICROS));
		event.put("data", data);
		event.put("api_version", "2026-10");
		byte[] body = JsonMapper.shared().writeValueAsBytes(event);
		for (Endpoint endpoint : this.endpoints) {
			this.last = this.executor.submit(() -> deliver(endpoint, type, body));
		}
	}

	/**
	 * Wait until all that was sent is delivered.
	 */
	void await() {
		Future<?> last = this.last;
		try {
			if (last != null) {
				last.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Webhooks of the fake are not delivered yet", ex);
		}
	}

	private void deliver(Endpoint endpoint, String type, byte[] body) {
		URI url = endpoint.url().get();
		if (url == null) {
			return;
		}
		HttpRequest.Builder request = HttpRequest.newBuilder(url)
			.timeout(TIMEOUT)
			.header("Content-Type", "application/json")
			.header("User-Agent", "polar.sh webhooks")
			.header("webhook-api-version", "2026-10")
			.POST(BodyPublishers.ofByteArray(body));
		endpoint.signer().headers(UUID.randomUUID().toString(), Instant.now(), body).forEach(request::header);
		try {
			int status = this.client.send(request.build(), BodyHandlers.discarding()).statusCode();
			if (status / 100 != 2) {
				logger
					.warn("The webhook '%s' of the fake was answered %d by %s. Polar would send it again, the fake does"
						.formatted(type, status, url) + " not");
			}
		}
		catch (IOException ex) {
			logger.warn("The webhook '%s' of the fake did not arrive at %s: %s".formatted(type, url, ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void close() {
		this.executor.shutdownNow();
	}

	/**
	 * Where events go.
	 *
	 * @param url the URL, {@code null} as long as it is not known
	 */
	private record Endpoint(Supplier<@Nullable URI> url, WebhookSigner signer) {

	}

}
