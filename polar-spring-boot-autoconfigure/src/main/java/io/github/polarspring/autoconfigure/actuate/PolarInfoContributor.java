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
		String description = this.connectionDetails.getDescription();
		polar.put("environment",
				(description != null) ? description : PolarUrls.environment(this.connectionDetails.getBaseUrl()));
		polar.put("apiVersion", this.properties.getApiVersion());
		polar.put("webhooks", !this.connectionDetails.getWebhookSecrets().isEmpty());
		builder.withDetail("polar", polar);
	}

}
