package io.github.polarspring.autoconfigure.actuate;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.polarspring.web.ClientIpFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.web.exchanges.HttpExchange;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.Include;
import org.springframework.boot.servlet.actuate.web.exchanges.HttpExchangesFilter;

/**
 * Records exchanges without what opens a checkout, a customer's portal or the API. The
 * redirect to the checkout page is such a thing: whoever has the URL can see and change
 * the buyer's data. Headers that hold the shopper's address are hidden, too, and the
 * remote address of exchanges in which the shopper's address was looked up.
 */
final class PolarHttpExchangesFilter extends HttpExchangesFilter {

	static final Set<String> ADDRESS_HEADERS = Set.of("x-forwarded-for", "forwarded", "cf-connecting-ip",
			"cf-connecting-ipv6", "true-client-ip", "x-real-ip", "x-client-ip", "fastly-client-ip", "fly-client-ip",
			"x-azure-clientip");

	private final CleaningRepository repository;

	/**
	 * Create a filter.
	 * @param repository where exchanges are recorded
	 * @param includes what is recorded of them
	 * @param addressHeaders headers whose values are hidden, in lower case
	 */
	PolarHttpExchangesFilter(HttpExchangeRepository repository, Set<Include> includes, Set<String> addressHeaders) {
		this(new CleaningRepository(repository, addressHeaders), includes);
	}

	private PolarHttpExchangesFilter(CleaningRepository repository, Set<Include> includes) {
		super(repository, includes);
		this.repository = repository;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain filterChain)
			throws ServletException, IOException {
		this.repository.current.set(request);
		try {
			super.doFilterInternal(request, response, filterChain);
		}
		finally {
			this.repository.current.remove();
		}
	}

	private static final class CleaningRepository implements HttpExchangeRepository {

		private final ThreadLocal<HttpServletRequest> current = new ThreadLocal<>();

		private final HttpExchangeRepository delegate;

		private final Set<String> addressHeaders;

		CleaningRepository(HttpExchangeRepository delegate, Set<String> addressHeaders) {
			this.delegate = delegate;
			this.addressHeaders = addressHeaders;
		}

		@Override
		public List<HttpExchange> findAll() {
			return this.delegate.findAll();
		}

		@Override
		public void add(HttpExchange exchange) {
			this.delegate.add(clean(exchange));
		}

		// Boot has null for an address that is not recorded, too
		@SuppressWarnings("NullAway")
		private HttpExchange clean(HttpExchange exchange) {
			HttpExchange.Request request = exchange.getRequest();
			HttpExchange.Response response = exchange.getResponse();
			HttpServletRequest current = this.current.get();
			boolean withAddress = current != null && ClientIpFilter.isClientIpInUse(current);
			String address = withAddress ? null : request.getRemoteAddress();
			return new HttpExchange(exchange.getTimestamp(),
					new HttpExchange.Request(clean(request.getUri()), address, request.getMethod(),
							clean(request.getHeaders())),
					new HttpExchange.Response(response.getStatus(), clean(response.getHeaders())),
					exchange.getPrincipal(), exchange.getSession(), exchange.getTimeTaken());
		}

		private static URI clean(URI uri) {
			return URI.create(PolarSecrets.hide(uri.toString()));
		}

		private Map<String, List<String>> clean(Map<String, List<String>> headers) {
			Map<String, List<String>> clean = new LinkedHashMap<>();
			headers
				.forEach((name, values) -> clean.put(name, this.addressHeaders.contains(name.toLowerCase(Locale.ROOT))
						? List.of(SanitizableData.SANITIZED_VALUE) : values.stream().map(PolarSecrets::hide).toList()));
			return clean;
		}

	}

}
