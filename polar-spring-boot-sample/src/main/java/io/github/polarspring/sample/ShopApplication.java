package io.github.polarspring.sample;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/**
 * The shop.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ShopApplication {

	private static final Log logger = LogFactory.getLog(ShopApplication.class);

	@EventListener
	void printUrl(WebServerInitializedEvent event) {
		logger.info("The shop is open: http://localhost:%d/ (log in as alice/alice or bob/bob)"
			.formatted(event.getWebServer().getPort()));
	}

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

}
