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

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarEventAnnouncements}.
 */
class PolarEventAnnouncementsTests {

	private final List<Object> published = new ArrayList<>();

	private final PolarEventAnnouncements announcements = new PolarEventAnnouncements(this.published::add, List::of);

	private static PolarEvent<?> paid(String data) {
		return PolarEvent.read("evt-1",
				"{\"type\":\"order.paid\",\"data\":%s}".formatted(data).getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void mismatchIsPublished() {
		this.announcements
			.mismatch(paid("{\"metadata\":{\"external_customer_id\":\"a\"},\"customer\":{\"external_id\":\"b\"}}"));
		assertThat(this.published).singleElement().isInstanceOf(PolarIdentityMismatch.class);
	}

	@Test
	void nothingIsPublishedWhenTheBuyerCannotBeDetermined() {
		this.announcements.mismatch(paid("{\"metadata\":7,\"customer\":{\"external_id\":\"b\"}}"));
		assertThat(this.published).isEmpty();
	}

}
