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

package io.github.polarspring.customer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.PolarValidationException.FieldError;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerSession;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Member;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * {@link PolarCustomerOperations} that use the Polar API. Reading, deleting, and creating
 * a session are retried even if the outcome of the first attempt is unknown.
 * <p>
 * Instances are immutable and safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarCustomerTemplate implements PolarCustomerOperations {

	private static final String ALL = "/v1/customers/";

	private static final String BY_ID = "/v1/customers/{id}";

	private static final String BY_EXTERNAL_ID = "/v1/customers/external/{external_id}";

	private static final String SESSIONS = "/v1/customer-sessions/";

	private static final String NOT_VALID = "value_error";

	private final PolarClient client;

	private final Purchases purchases;

	/**
	 * Create a template.
	 * @param client the client that calls Polar
	 */
	public PolarCustomerTemplate(PolarClient client) {
		Assert.notNull(client, "client must not be null");
		this.client = client;
		this.purchases = new Purchases(client);
	}

	@Override
	public Optional<Customer> find(UUID id) {
		Assert.notNull(id, "id must not be null");
		return found(() -> this.client.get(Customer.class, BY_ID, id));
	}

	@Override
	public Optional<Customer> findByExternalId(String externalId) {
		PolarIdentity.requireExternalId(externalId);
		if (isSafeInPath(externalId)) {
			return found(() -> this.client.get(Customer.class, BY_EXTERNAL_ID, externalId));
		}
		return stream(CustomerQuery.builder().query(externalId).build())
			.filter((customer) -> externalId.equals(customer.externalId()))
			.findFirst();
	}

	/**
	 * Return whether an id selects its own customer in a path, which Polar decodes before
	 * it splits it.
	 */
	private static boolean isSafeInPath(String externalId) {
		return !externalId.contains("/") && !externalId.equals(".") && !externalId.equals("..");
	}

	private static <T> Optional<T> found(Supplier<T> call) {
		try {
			return Optional.of(call.get());
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	@Override
	public PolarPage<Customer> list(CustomerQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.client.list(Customer.class, ALL, query.parameters());
	}

	@Override
	public Stream<Customer> stream(CustomerQuery query) {
		Assert.notNull(query, "query must not be null");
		return PolarPage.stream(query.page(), (page) -> this.client.list(Customer.class, ALL, query.parameters(page)));
	}

	@Override
	public Customer create(CustomerRequest request) {
		Assert.notNull(request, "request must not be null");
		return this.client.post(Customer.class, ALL, request);
	}

	@Override
	public Customer ensure(PolarIdentity identity) {
		Assert.notNull(identity, "identity must not be null");
		return findByExternalId(identity.externalId()).orElseGet(() -> createOrFind(identity));
	}

	private Customer createOrFind(PolarIdentity identity) {
		String email = identity.email();
		Assert.isTrue(email != null, "identity must have an e-mail address to create its customer");
		CustomerRequest.Builder request = CustomerRequest.individual(email).externalId(identity.externalId());
		if (identity.name() != null) {
			request.name(identity.name());
		}
		try {
			return create(request.build());
		}
		catch (PolarValidationException ex) {
			if (isRejected(ex, "external_id")) {
				return created(identity);
			}
			if (isRejected(ex, "email")) {
				return attached(identity, email, ex);
			}
			throw ex;
		}
	}

	/**
	 * Return the customer whom another call has created meanwhile.
	 */
	private Customer created(PolarIdentity identity) {
		return findByExternalId(identity.externalId()).orElseThrow(() -> new PolarDataException(
				"Polar rejects the external customer id as taken, but has no such customer"));
	}

	/**
	 * Return the customer with the e-mail address, to whom the external id was attached.
	 */
	private Customer attached(PolarIdentity identity, String email, PolarValidationException rejection) {
		Customer known = list(CustomerQuery.builder().email(email).build()).items()
			.stream()
			.findFirst()
			.orElseThrow(() -> rejection);
		if (identity.externalId().equals(known.externalId())) {
			return known;
		}
		if (known.externalId() != null) {
			throw new PolarIdentityException(("Another customer (%s) has the e-mail address of the identity and another"
					+ " external id. The identity got no customer.")
				.formatted(known.id()));
		}
		if (!isVerifiedAddress(identity, known.email())) {
			throw new PolarIdentityException(("A customer without an external id (%s) has the e-mail address of the"
					+ " identity, and the address is not verified. Use PolarIdentity.withVerifiedEmail if the"
					+ " application has verified it.")
				.formatted(known.id()));
		}
		try {
			return update(known.id(), CustomerUpdate.builder().externalId(identity.externalId()).build());
		}
		catch (PolarValidationException ex) {
			if (isRejected(ex, "external_id")) {
				return created(identity);
			}
			throw ex;
		}
	}

	@Override
	public Customer update(UUID id, CustomerUpdate update) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(update, "update must not be null");
		return this.client.patch(Customer.class, BY_ID, update, id);
	}

	@Override
	public Optional<Customer> updateByExternalId(String externalId, CustomerUpdate update) {
		PolarIdentity.requireExternalId(externalId);
		Assert.notNull(update, "update must not be null");
		if (isSafeInPath(externalId)) {
			return found(() -> this.client.patch(Customer.class, BY_EXTERNAL_ID, update, externalId));
		}
		return findByExternalId(externalId).flatMap((customer) -> found(() -> update(customer.id(), update)));
	}

	@Override
	public void delete(UUID id) {
		delete(id, false);
	}

	@Override
	public void anonymize(UUID id) {
		delete(id, true);
	}

	private void delete(UUID id, boolean anonymize) {
		Assert.notNull(id, "id must not be null");
		found(() -> {
			this.client.call(HttpMethod.DELETE, BY_ID, id).query("anonymize", anonymize).retryable().execute();
			return true;
		});
	}

	@Override
	public Optional<CustomerState> state(UUID id) {
		Assert.notNull(id, "id must not be null");
		return found(() -> this.client.get(CustomerState.class, BY_ID + "/state", id));
	}

	@Override
	public Optional<CustomerState> stateByExternalId(String externalId) {
		PolarIdentity.requireExternalId(externalId);
		return isSafeInPath(externalId)
				? found(() -> this.client.get(CustomerState.class, BY_EXTERNAL_ID + "/state", externalId))
				: findByExternalId(externalId).flatMap((customer) -> state(customer.id()));
	}

	@Override
	public Optional<Member> ensureMember(PolarIdentity identity, Member.Role role) {
		Assert.notNull(identity, "identity must not be null");
		Assert.isTrue(role == Member.Role.MEMBER || role == Member.Role.BILLING_MANAGER,
				"role must be MEMBER or BILLING_MANAGER");
		List<Member> members = members(identity).toList();
		if (members.isEmpty()) {
			return Optional.empty();
		}
		return members.stream()
			.filter((member) -> identity.memberId().equals(member.externalId()))
			.findFirst()
			.or(() -> Optional.of(addMember(members.get(0).customerId(), identity, role)));
	}

	private Stream<Member> members(PolarIdentity identity) {
		return Listing.where("external_customer_id", identity.externalId())
			.build()
			.stream(this.client, Member.class, "/v1/members/");
	}

	/**
	 * Add a member. If one with the address exists, Polar returns it unchanged.
	 */
	private Member addMember(UUID customerId, PolarIdentity identity, Member.Role role) {
		String email = identity.email();
		Assert.isTrue(email != null, "identity must have an e-mail address to add its member");
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("email", email);
		if (identity.name() != null) {
			body.put("name", identity.name());
		}
		body.put("external_id", identity.memberId());
		body.put("role", role.name().toLowerCase(Locale.ROOT));
		Member member = this.client.post(Member.class, "/v1/customers/{id}/members", body, customerId);
		if (!identity.memberId().equals(member.externalId())) {
			throw new PolarIdentityException(
					"Another member (%s) of the team has the e-mail address of the identity".formatted(member.id()));
		}
		return member;
	}

	@Override
	public Optional<Subscription> findBillableSubscription(String externalId) {
		return this.purchases.billableSubscription(PolarIdentity.requireExternalId(externalId));
	}

	@Override
	public Optional<CustomerSession> createSession(UUID id, @Nullable String returnUrl) {
		Assert.notNull(id, "id must not be null");
		return session(body("customer_id", id, returnUrl), "customer_id");
	}

	@Override
	public Optional<CustomerSession> createSessionByExternalId(String externalId, @Nullable String returnUrl) {
		PolarIdentity.requireExternalId(externalId);
		return session(body("external_customer_id", externalId, returnUrl), "external_customer_id");
	}

	@Override
	public PortalAccess openPortal(PolarIdentity identity, @Nullable String returnUrl) {
		Assert.notNull(identity, "identity must not be null");
		Optional<CustomerSession> session;
		try {
			session = createSessionByExternalId(identity.externalId(), returnUrl);
		}
		catch (PolarValidationException ex) {
			if (!isRejected(ex, "member_id")) {
				throw ex;
			}
			session = sessionOfMember(identity, body("external_customer_id", identity.externalId(), returnUrl));
			if (session.isEmpty()) {
				return new PortalAccess.NotMember();
			}
		}
		return session.map((own) -> checked(identity, own)).orElseGet(() -> withoutCustomer(identity, returnUrl));
	}

	/**
	 * Return the access to a customer of the identity. The owner of an e-mail address
	 * owns what was bought with it, also according to Polar, whose portal opens with a
	 * code that is sent to the address.
	 */
	private PortalAccess checked(PolarIdentity identity, CustomerSession session) {
		Customer customer = session.customer();
		boolean own = (customer != null && isVerifiedAddress(identity, customer.email()))
				|| !this.purchases.hasOtherBuyer(session.customerId(), identity.externalId());
		return own ? new PortalAccess.Granted(session) : new PortalAccess.Mismatch(session.customerId());
	}

	/**
	 * Return whether an address is that of the identity. Only ASCII letters match in
	 * another case: other letters, such as a dotless i, could match a different address.
	 */
	private static boolean isVerifiedAddress(PolarIdentity identity, @Nullable String address) {
		return identity.isEmailVerified() && identity.email() != null && address != null
				&& lowerCase(identity.email()).equals(lowerCase(address));
	}

	private static String lowerCase(String address) {
		StringBuilder lower = new StringBuilder(address.length());
		address.chars()
			.map((letter) -> (letter >= 'A' && letter <= 'Z') ? letter + ('a' - 'A') : letter)
			.forEach((letter) -> lower.append((char) letter));
		return lower.toString();
	}

	/**
	 * Return the access of an identity that no customer has.
	 */
	private PortalAccess withoutCustomer(PolarIdentity identity, @Nullable String returnUrl) {
		Customer other = this.purchases.otherCustomerOf(identity.externalId()).orElse(null);
		if (other == null) {
			return new PortalAccess.NeverBought();
		}
		if (other.externalId() != null || other.type() == Customer.Type.TEAM) {
			return new PortalAccess.Mismatch(other.id());
		}
		if (!isVerifiedAddress(identity, other.email())) {
			return new PortalAccess.Unverified(other.id());
		}
		return createSession(other.id(), returnUrl).<PortalAccess>map(PortalAccess.Granted::new)
			.orElseGet(PortalAccess.NeverBought::new);
	}

	/**
	 * Create a session of the identity as a member of a team. An owner without an
	 * external id, which those have who got the role before the customer had one, is the
	 * user only if the address proves it: the role can be transferred.
	 */
	private Optional<CustomerSession> sessionOfMember(PolarIdentity identity, Map<String, Object> body) {
		Map<String, Object> ofMember = new LinkedHashMap<>(body);
		ofMember.put("external_member_id", identity.memberId());
		Optional<CustomerSession> session = session(ofMember, "external_customer_id", "external_member_id");
		if (session.isPresent() || !identity.isEmailVerified()) {
			return session;
		}
		return members(identity)
			.filter((owner) -> owner.role() == Member.Role.OWNER && owner.externalId() == null
					&& isVerifiedAddress(identity, owner.email()))
			.findFirst()
			.flatMap((owner) -> {
				Map<String, Object> ofOwner = new LinkedHashMap<>(body);
				ofOwner.put("member_id", owner.id());
				return session(ofOwner, "external_customer_id", "member_id");
			});
	}

	private static Map<String, Object> body(String field, Object id, @Nullable String returnUrl) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put(field, id);
		if (returnUrl != null) {
			body.put("return_url", returnUrl);
		}
		return body;
	}

	/**
	 * Create a session.
	 * @param fields the fields that Polar rejects if what they name does not exist
	 */
	private Optional<CustomerSession> session(Map<String, Object> body, String... fields) {
		try {
			return Optional
				.of(this.client.call(HttpMethod.POST, SESSIONS).body(body).retryable().retrieve(CustomerSession.class));
		}
		catch (PolarValidationException ex) {
			if (isRejected(ex, fields)) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	/**
	 * Return whether Polar rejected one of the given fields for another reason than its
	 * form.
	 */
	private static boolean isRejected(PolarValidationException rejection, String... fields) {
		return rejection.getFieldErrors()
			.stream()
			.filter((error) -> NOT_VALID.equals(error.type()))
			.map(FieldError::field)
			.anyMatch(List.of(fields)::contains);
	}

}
