package io.github.polarspring;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules that the code is built by.
 */
@AnalyzeClasses(packages = "io.github.polarspring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.polarspring";

	/**
	 * Public, so that an auto-configuration of another package can create them, but not
	 * meant for applications. Whoever adds to this list widens what can break.
	 */
	private static final Set<String> INTERNAL = Set.of(ROOT + ".client.PolarUrls", ROOT + ".client.PolarJson",
			ROOT + ".client.ResponseValues", ROOT + ".webhook.DirectWebhookInbox",
			ROOT + ".webhook.PolarEventAnnouncements", ROOT + ".webhook.jdbc.InboxBacklog",
			ROOT + ".webhook.jdbc.InboxSettings", ROOT + ".webhook.jdbc.JdbcWebhookInbox",
			ROOT + ".webhook.PolarWebhookFilter", ROOT + ".webhook.PolarWebhookServlet",
			ROOT + ".customer.PrincipalCustomerReader", ROOT + ".net.IpAddress",
			ROOT + ".security.AuthenticationCustomerResolver", ROOT + ".security.EntryPointLoginRequirement",
			ROOT + ".security.SecuritySessionPolicy", ROOT + ".web.BrowserCheckouts", ROOT + ".web.CheckoutOutcomes",
			ROOT + ".web.CheckoutReturnFilter", ROOT + ".web.CurrentRequestCustomizer", ROOT + ".web.ObservedCheckouts",
			ROOT + ".web.PolarCheckoutInterceptor", ROOT + ".web.PolarCheckoutMethods",
			ROOT + ".web.PolarCheckoutReturnMethods", ROOT + ".web.PolarCheckoutReturnRegistrar",
			ROOT + ".web.PolarCheckoutRegistrar", ROOT + ".web.PrincipalCustomerResolver");

	/**
	 * What applications use. A name that is missing here was made public by accident, one
	 * that is gone breaks somebody.
	 */
	static final Set<String> API = Set.of(ROOT + ".PolarApiException", ROOT + ".PolarApiVersionException",
			ROOT + ".PolarAuthenticationException", ROOT + ".PolarConfigurationException",
			ROOT + ".PolarConnectionException", ROOT + ".PolarEnvironment", ROOT + ".PolarException",
			ROOT + ".PolarNotFoundException", ROOT + ".PolarPermissionException", ROOT + ".PolarRateLimitException",
			ROOT + ".PolarSaturationException", ROOT + ".PolarTimeoutException", ROOT + ".PolarValidationException",
			ROOT + ".client.PolarClient", ROOT + ".client.PolarApiObservationContext",
			ROOT + ".client.PolarApiObservationConvention", ROOT + ".client.DefaultPolarApiObservationConvention",
			ROOT + ".client.PolarApiObservationDocumentation", ROOT + ".client.RecentCalls",
			ROOT + ".client.RepeatableBody", ROOT + ".client.PolarRestClientCustomizer",
			ROOT + ".checkout.CheckoutRequest", ROOT + ".checkout.AdHocPrice", ROOT + ".checkout.BillingAddress",
			ROOT + ".checkout.MinorUnits", ROOT + ".checkout.SeatTier", ROOT + ".checkout.TaxBehavior",
			ROOT + ".checkout.TierType", ROOT + ".checkout.TrialInterval", ROOT + ".checkout.UnitTier",
			ROOT + ".checkout.CheckoutRequestCustomizer", ROOT + ".checkout.CheckoutSession",
			ROOT + ".client.PolarPage", ROOT + ".checkout.AttachedCustomField", ROOT + ".checkout.BillingAddressFields",
			ROOT + ".checkout.CheckoutDiscount", ROOT + ".checkout.CheckoutOrganization",
			ROOT + ".checkout.CheckoutProduct", ROOT + ".checkout.CheckoutQuery", ROOT + ".checkout.CheckoutUpdate",
			ROOT + ".checkout.ClientCheckoutUpdate", ROOT + ".checkout.CustomField", ROOT + ".checkout.ProductBenefit",
			ROOT + ".checkout.ProductMedia", ROOT + ".checkout.ProductPrice", ROOT + ".checkout.RecurringInterval",
			ROOT + ".checkout.CheckoutStatus", ROOT + ".checkout.PolarCheckoutOperations",
			ROOT + ".checkout.PolarCheckoutTemplate", ROOT + ".checkout.PolarProducts",
			ROOT + ".customer.PolarCustomer", ROOT + ".customer.PolarCustomerPrincipal",
			ROOT + ".customer.PolarCustomerResolver", ROOT + ".web.ClientIpFilter", ROOT + ".web.ClientIpResolver",
			ROOT + ".web.LoginRequirement", ROOT + ".web.PolarCheckout", ROOT + ".web.PolarCheckoutReturn",
			ROOT + ".web.PolarCheckoutObservationContext", ROOT + ".web.PolarCheckoutObservationConvention",
			ROOT + ".web.DefaultPolarCheckoutObservationConvention",
			ROOT + ".web.PolarCheckoutObservationDocumentation", ROOT + ".web.CheckoutOutcome",
			ROOT + ".checkout.CheckoutTheme", ROOT + ".model.BenefitGrant", ROOT + ".model.Customer",
			ROOT + ".model.CustomerState", ROOT + ".model.Order", ROOT + ".model.OrderBillingReason",
			ROOT + ".model.OrderStatus", ROOT + ".model.Product", ROOT + ".model.Refund", ROOT + ".model.Subscription",
			ROOT + ".model.SubscriptionStatus", ROOT + ".webhook.PolarDeadLetters", ROOT + ".webhook.PolarEvent",
			ROOT + ".webhook.PolarEventListener", ROOT + ".webhook.PolarEventListeners",
			ROOT + ".webhook.PolarEventMetadata", ROOT + ".webhook.PolarEventTypes",
			ROOT + ".webhook.PolarIdentityMismatch", ROOT + ".webhook.PolarWebhookException",
			ROOT + ".webhook.PolarWebhookInbox", ROOT + ".webhook.PolarWebhookVerifier",
			ROOT + ".autoconfigure.webhook.PolarWebhookAutoConfiguration",
			ROOT + ".autoconfigure.webhook.PolarJdbcInboxAutoConfiguration",
			ROOT + ".autoconfigure.webhook.PolarInboxProperties", ROOT + ".autoconfigure.webhook.PolarDataSource",
			ROOT + ".autoconfigure.actuate.PolarActuatorAutoConfiguration",
			ROOT + ".autoconfigure.actuate.PolarHttpExchangesAutoConfiguration",
			ROOT + ".autoconfigure.actuate.PolarInboxActuatorAutoConfiguration",
			ROOT + ".autoconfigure.web.PolarCheckoutReturnAutoConfiguration",
			ROOT + ".autoconfigure.PolarAutoConfiguration", ROOT + ".autoconfigure.PolarConnectionDetails",
			ROOT + ".autoconfigure.PolarProperties", ROOT + ".autoconfigure.PropertiesPolarConnectionDetails",
			ROOT + ".autoconfigure.security.PolarSecurityAutoConfiguration",
			ROOT + ".autoconfigure.web.PolarClientIpAutoConfiguration",
			ROOT + ".autoconfigure.web.PolarWebMvcAutoConfiguration");

	@ArchTest
	static final ArchRule onlyAutoConfigurationKnowsBoot = noClasses().that()
		.resideOutsideOfPackage("..autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule featuresDoNotKnowAutoConfiguration = noClasses().that()
		.resideOutsideOfPackage("..autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("..autoconfigure..");

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule servletApiStaysInItsPackages = noClasses().that()
		.resideInAnyPackage(ROOT, ROOT + ".client..", ROOT + ".checkout..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta.servlet..", "org.springframework.web.servlet..", "org.springframework.security..");

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

	@ArchTest
	static final ArchRule publicTypesAreListed = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should(beListed());

	@ArchTest
	static final ArchRule internalTypesAreFinal = classes().that(areInternal())
		.should()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule autoConfigurationsAreFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration");

	@ArchTest
	static final ArchRule beanMethodsAreNotPublic = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBePublic();

	/**
	 * Ahead-of-time processing decides conditions when the application is built.
	 */
	@ArchTest
	static final ArchRule noBeanDependsOnAProperty = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBeAnnotatedWith(ConditionalOnProperty.class);

	@ArchTest
	static final ArchRule whatNeedsTheTokenIsLazy = methods().that()
		.areAnnotatedWith(Bean.class)
		.and(returnWhatNeedsTheToken())
		.should()
		.beAnnotatedWith(Lazy.class);

	private static DescribedPredicate<JavaMethod> returnWhatNeedsTheToken() {
		return DescribedPredicate.describe("return what needs the token",
				(method) -> Set.of(ROOT + ".client.PolarClient", ROOT + ".checkout.PolarCheckoutTemplate")
					.contains(method.getRawReturnType().getName()));
	}

	private static DescribedPredicate<JavaClass> areInternal() {
		return DescribedPredicate.describe("are internal", (type) -> INTERNAL.contains(type.getName()));
	}

	private static ArchCondition<JavaClass> beListed() {
		return new ArchCondition<>("be listed as API or internal") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean listed = API.contains(type.getName()) || INTERNAL.contains(type.getName());
				events.add(new SimpleConditionEvent(type, listed, type.getName() + " is listed: " + listed));
			}

		};
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		DescribedPredicate<CanBeAnnotated> nullMarked = CanBeAnnotated.Predicates.annotatedWith(NullMarked.class);
		return new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().tryGetPackageInfo().filter(nullMarked).isPresent();
				events
					.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
			}

		};
	}

}
