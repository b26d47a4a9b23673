package io.github.polarspring.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarUrls;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Tells which Polar is called.
 */
final class PolarInfoContributor implements InfoContributor {

	private final PolarProperties properties;

	private final PolarConnectionDetails connectionDetails;

	PolarInfoContributor(PolarProperties properties, PolarConnectionDetails connectionDetails) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> polar = new LinkedHashMap<>();
		polar.put("environment", environment());
		polar.put("apiVersion", this.properties.getApiVersion());
		builder.withDetail("polar", polar);
	}

	private String environment() {
		try {
			String description = this.connectionDetails.getDescription();
			return (description != null) ? description : PolarUrls.environment(this.connectionDetails.getBaseUrl());
		}
		catch (RuntimeException ex) {
			// a source of secrets that cannot be asked
			return "unknown";
		}
	}

}
