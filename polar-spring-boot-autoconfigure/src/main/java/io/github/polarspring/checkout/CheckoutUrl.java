package io.github.polarspring.checkout;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.util.InvalidUrlException;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;

/**
 * Rules for the URLs that Polar sends the buyer back to: an absolute URL, or a path
 * within the application. Text rather than {@link java.net.URI}, because of
 * {@code {CHECKOUT_ID}}.
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
		UriComponents uri = parse(field, url);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(http && uri.getHost() != null && uri.getUserInfo() == null,
				() -> field + " must be an absolute http or https URL, or a path that starts with '/'");
		return url;
	}

	static String validateAbsolute(String field, String url) {
		Assert.isTrue(!isPath(url), () -> field + " must be an absolute http or https URL");
		return validate(field, url);
	}

	static String validateOrigin(String field, String origin) {
		Assert.hasText(origin, () -> field + " must not be blank");
		UriComponents uri = parse(field, origin);
		boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
		Assert.isTrue(
				http && uri.getHost() != null && uri.getUserInfo() == null && !StringUtils.hasLength(uri.getPath())
						&& uri.getQuery() == null && uri.getFragment() == null,
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

	/**
	 * Parse as browsers and Polar do, who take international hosts, blanks and braces.
	 */
	private static UriComponents parse(String field, String url) {
		Assert.isTrue(url.indexOf('\\') == -1 && url.chars().noneMatch(Character::isISOControl),
				() -> field + " must not hold a backslash or a control character");
		CheckoutFields.requireWellFormed(field, url);
		try {
			return UriComponentsBuilder.fromUriString(url.strip().replaceAll("[{}]", "_"), ParserType.WHAT_WG).build();
		}
		catch (InvalidUrlException ex) {
			throw new IllegalArgumentException(field + " is not a valid URL");
		}
	}

}
