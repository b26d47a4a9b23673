package io.github.polarspring;

import io.github.polarspring.api.PublicApi;
import org.junit.jupiter.api.Test;

/**
 * A change of what applications use is seen in review, and told in Javadoc.
 */
class PublicApiTests {

	private final PublicApi api = PublicApi.of(ArchitectureTests.API);

	@Test
	void apiIsAsCheckedIn() {
		this.api.isAsCheckedIn();
	}

	@Test
	void everyTypeSaysSinceWhen() {
		this.api.saysSinceWhen();
	}

	@Test
	void everythingThatApplicationsSeeIsDocumented() {
		this.api.isDocumented();
	}

}
