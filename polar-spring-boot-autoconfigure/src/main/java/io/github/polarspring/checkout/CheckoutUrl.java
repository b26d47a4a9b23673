package io.github.polarspring.checkout;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Rules for the URLs that Polar sends the buyer back to: an absolute URL, or a path
 * within the application. Text rather than {@link URI}, because of {@code {CHECKOUT_ID}}.
 */
final class CheckoutUrl {

	private static final int MAX_LENGTH = 2083;

	private CheckoutUrl() {
	}

	static String validate(String field, String url) {
		Assert.hasText(url, () -> field + " must not be blank");
		Assert.isTrue(url.length() <= MAX_LENGTH, () -> field + " must have at most " + MAX_LENGTH + " characters");
		if (isPath(url)) {
			Assert.isTrue(!url.startsWith("//") && url.indexOf('\\') == -1,
					() -> field + " must be a path within the application, without '//' at its start and '\\'");
			parse(field, "http://localhost" + url);
			return url;
		}
		URI uri = parse(field, url);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(http && uri.getHost() != null && uri.getRawUserInfo() == null,
				() -> field + " must be an absolute http or https URL, or a path that starts with '/'");
		return url;
	}

	static String validateAbsolute(String field, String url) {
		Assert.isTrue(!isPath(url), () -> field + " must be an absolute http or https URL");
		return validate(field, url);
	}

	static String validateOrigin(String field, String origin) {
		Assert.hasText(origin, () -> field + " must not be blank");
		URI uri = parse(field, origin);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(
				http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawPath().isEmpty()
						&& uri.getRawQuery() == null && uri.getRawFragment() == null,
				() -> field + " must be scheme, host and port only, such as https://shop.example");
		return origin;
	}

	static @Nullable String resolve(String field, @Nullable String url, @Nullable String applicationUrl) {
		if (url == null || !isPath(url)) {
			return url;
		}
		if (applicationUrl == null) {
			throw new PolarConfigurationException(
					"The %s '%s' is a path, and the application's own address is not known.".formatted(field, url),
					"Set 'polar.checkout.application-url' to the public address of the application, such as"
							+ " https://shop.example, or use an absolute URL.");
		}
		return validate(field, (applicationUrl.endsWith("/") ? applicationUrl.substring(0, applicationUrl.length() - 1)
				: applicationUrl) + url);
	}

	static boolean isPath(String url) {
		return url.startsWith("/");
	}

	private static URI parse(String field, String url) {
		try {
			return new URI(url.replace("{CHECKOUT_ID}", "CHECKOUT_ID"));
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(field + " is not a valid URL: " + ex.getReason());
		}
	}

}
