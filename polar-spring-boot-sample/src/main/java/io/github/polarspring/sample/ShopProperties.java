package io.github.polarspring.sample;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the shop shows. The keys are the names in {@code polar.products}.
 *
 * @param products the products on the shelf
 */
@ConfigurationProperties("shop")
record ShopProperties(Map<String, Item> products) {

	/**
	 * A product on the shelf.
	 *
	 * @param name what it is called
	 * @param description what it is
	 * @param amount price in cents
	 */
	record Item(String name, String description, long amount) {

		public String price() {
			NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
			format.setCurrency(Currency.getInstance("USD"));
			return format.format(BigDecimal.valueOf(this.amount, 2));
		}

	}

}
