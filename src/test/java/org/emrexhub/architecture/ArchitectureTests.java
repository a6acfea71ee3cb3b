package org.emrexhub.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.validation.SchemaFactory;
import javax.xml.xpath.XPathFactory;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.emrexhub.HubSettings;
import org.emrexhub.elmo.XmlFactories;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Who may use what: the decisions about the hub's Java that its code can break. */
@AnalyzeClasses(packages = "org.emrexhub", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String HUB = "org.emrexhub";

    /** The classes that xjc makes of the ELMO schema are not ours to style. */
    private static final String GENERATED = "org.emrexhub.elmo.xml..";

    /** What a package may rely on. A new package takes its place here. */
    private static final String MAY_USE = """
            pipeline   -> imports delivery deadletter transfer catalog mapping elmo failure
            web        -> imports delivery deadletter transfer catalog failure
            demo       -> imports delivery deadletter transfer catalog elmo failure
            cli        -> kit catalog mapping signature transcript elmo demo failure
            imports    -> delivery transfer catalog elmo failure
            delivery   -> transfer catalog elmo failure
            deadletter -> transfer catalog failure
            transfer   -> catalog failure
            kit        -> catalog mapping elmo failure
            catalog    -> mapping failure
            mapping    -> elmo failure
            transcript -> elmo failure
            signature  -> elmo failure
            elmo       -> failure
            failure    ->
            """;

    // --- packages

    @ArchTest
    static final ArchRule dependsDownwardsOnly = downwards()
            // The simulators' switches are calls like any other: they need the edge, in profile demo only.
            .ignoreDependency(named("web.SimulatorsApi"), resideInAPackage("org.emrexhub.demo"))
            .ignoreDependency(alwaysTrue(), type(HubSettings.class))
            .ensureAllClassesAreContainedInArchitecture()
            .because("how a record travels relies on the ledger and the catalogue, never the other way round");

    @ArchTest
    static final ArchRule hasNoCycles = slices().matching("org.emrexhub.(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages in a cycle can only be understood together");

    @ArchTest
    static final ArchRule keepsFormatMappingAndTranscriptPure = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.emrexhub.elmo..", "org.emrexhub.mapping..", "org.emrexhub.transcript..", "org.emrexhub.kit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "java.net.http..",
                    "jakarta.jms..",
                    "org.apache.camel..",
                    "org.springframework.jdbc..",
                    "org.springframework.transaction..",
                    "org.springframework.web..")
            .because(
                    "bytes and parameters in, a result or a failure code out: a mapping is tested by its samples alone");

    @ArchTest
    static void everyPackageSaysWhatMayBeNull(JavaClasses classes) {
        JavaPackage hub = classes.getPackage(HUB);

        assertThat(Stream.concat(Stream.of(hub), hub.getSubpackagesInTree().stream()))
                .filteredOn(each -> !each.getClasses().isEmpty())
                .filteredOn(each -> !resideInAPackage(GENERATED)
                        .test(each.getClasses().iterator().next()))
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info with @NullMarked, or NullAway would not look at it", each.getName())
                        .isTrue());
    }

    // --- technologies

    @ArchTest
    static final ArchRule keepsCamelWhereRoutesNeedIt = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.emrexhub.pipeline..", "org.emrexhub.signature..", "org.emrexhub.web..", "org.emrexhub.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..")
            .because("the flow stands in routes; what they call works without Camel and is tested without it");

    @ArchTest
    static final ArchRule knowsNoMoreOfCamelThanTheExchangeAtTheEdge = noClasses()
            .that()
            .resideInAnyPackage("org.emrexhub.web..", "org.emrexhub.demo..")
            // Two configure the edge of platform-http, one gives the simulated inbox its memory.
            .and(not(named("web.EdgeHeaders", "web.WebConfiguration", "demo.SimulatorsConfiguration")))
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.camel..")
                    .and(not(type(Exchange.class).or(type(Message.class)))))
            .because("a call's request and answer are the route's Exchange; nothing else of Camel is needed for them");

    @ArchTest
    static final ArchRule keepsHttpAtTheEdge = noClasses()
            .that()
            .resideOutsideOfPackages("org.emrexhub.web..", "org.emrexhub.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.web..", "org.springframework.http..", "jakarta.servlet..")
            .because("every way into the hub is a route, and only its edge knows of HTTP");

    @ArchTest
    static final ArchRule keepsMessagingInThePipeline = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.jms..", "org.springframework.jms..", "org.apache.activemq..")
            .because(
                    "the ledger is the truth and a message only a reference: whoever changes the ledger sends nothing");

    @ArchTest
    static final ArchRule keepsXmlSignaturesInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.signature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.xml.crypto..", "org.apache.xml.security..")
            .because("the signing profile of ELMO, and what is refused, must stand in one place");

    @ArchTest
    static final ArchRule makesXmlFactoriesInOnePlace = noClasses()
            .that()
            .doNotBelongToAnyOf(XmlFactories.class)
            .should()
            .accessTargetWhere(describe("makes an XML factory", ArchitectureTests::makesXmlFactory))
            .because("a parser that is not hardened reads files and addresses that a document names");

    @ArchTest
    static final ArchRule keepsSaxonInTheMapping = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.mapping..")
            // It compiles a descriptor's XPath expressions at the start, and never meets a document.
            .and(not(named("catalog.Xpath")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.sf.saxon..")
            .because("stylesheets are confined to their folder by the one place that runs them");

    // --- time, settings, injection

    @ArchTest
    static final ArchRule takesTimeFromClock = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.demo..")
            .should()
            .accessTargetWhere(describe("reads the machine's clock", ArchitectureTests::readsClock))
            .because("a test must be able to set the time, and several instances go by the database's");

    @ArchTest
    static final ArchRule makesClocksInConfigurationOnly = noClasses()
            .that()
            .areNotAnnotatedWith(Configuration.class)
            .should()
            .accessTargetWhere(describe(
                    "makes a clock",
                    access -> access.getTargetOwner().isEquivalentTo(Clock.class)
                            && access.getTarget().getName().startsWith("system")))
            .because("a class that makes its own clock can't be given another one");

    @ArchTest
    static final ArchRule takesNothingByField =
            NO_CLASSES_SHOULD_USE_FIELD_INJECTION.because("a constructor shows what a class needs, and gives it whole");

    @ArchTest
    static final ArchRule takesNoSingleSetting = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Value.class)
            .because("settings are records: checked at start, described in one place, listed in docs/operate.md");

    @ArchTest
    static final ArchRule keepsSettingsInRecords = classes()
            .that()
            .areAnnotatedWith(ConfigurationProperties.class)
            .should()
            .beRecords()
            .andShould()
            .haveSimpleNameEndingWith("Settings")
            .because("a setting never changes while the hub runs");

    // --- words to people and to the log

    @ArchTest
    static final ArchRule namesLoggersAlike = fields().that()
            .haveRawType(Logger.class)
            .should()
            .haveName("log")
            .andShould()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal()
            .because("one thing has one name");

    @ArchTest
    static final ArchRule logsBySlf4jOnly = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..", "org.apache.logging..")
            .because("what another logger writes passes by the hub's log file and its levels");

    @ArchTest
    static final ArchRule printsInTheStartAndTheDemoOnly = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.cli..")
            .and(not(named("demo.Console")))
            .should(ACCESS_STANDARD_STREAMS)
            .because("only a person at a terminal is spoken to there: what the start lacks, and the demo's story");

    @ArchTest
    static final ArchRule endsTheProcessInTheStartOnly = noClasses()
            .that()
            .resideOutsideOfPackage("org.emrexhub.cli..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .because("work that is under way must be given the time to end");

    // --- failures

    @ArchTest
    static final ArchRule throwsNoGenericException = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.because(
            "who catches must be able to tell a failure of data, of infrastructure and a defect apart");

    @ArchTest
    static final ArchRule declaresNoGenericException = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(GENERATED)
            .and()
            // What a framework's method declares, its user and its override can but declare too; Failures rethrows.
            .areDeclaredInClassesThat(not(named(
                    "web.SecurityConfiguration",
                    "pipeline.Failures",
                    "signature.ElmoSigner",
                    "signature.ElmoVerifier")))
            .should()
            .declareThrowableOfType(Exception.class)
            .because("a method that may throw anything can't be handled by its caller");

    // --- names

    @ArchTest
    static final ArchRule namesThingsByTheField = noClasses()
            .that()
            .resideOutsideOfPackage(GENERATED)
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Info|DTO|Dto)")
            .because("a name says what a class is in the field's words");

    private static boolean makesXmlFactory(JavaAccess<?> access) {
        return access.getTarget().getName().startsWith("new")
                && Set.of(
                                DocumentBuilderFactory.class,
                                SAXParserFactory.class,
                                XMLInputFactory.class,
                                XMLOutputFactory.class,
                                XMLEventFactory.class,
                                TransformerFactory.class,
                                SchemaFactory.class,
                                XPathFactory.class)
                        .stream()
                        .anyMatch(factory -> access.getTargetOwner().isEquivalentTo(factory)
                                && access.getTarget() instanceof CodeUnitAccessTarget made
                                && made.getRawReturnType().isAssignableTo(factory));
    }

    private static boolean readsClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        boolean withoutClock = access.getTarget() instanceof CodeUnitAccessTarget called
                && called.getRawParameterTypes().stream().noneMatch(each -> each.isEquivalentTo(Clock.class));
        return (owner.getPackageName().startsWith("java.time") && name.equals("now") && withoutClock)
                || (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                || (owner.isEquivalentTo(Date.class)
                        && access.getTarget() instanceof CodeUnitAccessTarget made
                        && name.equals("<init>")
                        && made.getRawParameterTypes().isEmpty());
    }

    private static LayeredArchitecture downwards() {
        LayeredArchitecture rule = layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.emrexhub..")
                .layer("start")
                .definedBy(HUB);
        for (String line : MAY_USE.lines().toList()) {
            String name = line.split("->")[0].trim();
            rule = rule.layer(name).definedBy(HUB + "." + name + "..");
        }
        for (String line : MAY_USE.lines().toList()) {
            String[] parts = line.split("->");
            var layer = rule.whereLayer(parts[0].trim());
            String used = parts.length == 1 ? "" : parts[1].trim();
            rule = used.isEmpty() ? layer.mayNotAccessAnyLayer() : layer.mayOnlyAccessLayers(used.split(" "));
        }
        return rule.whereLayer("start").mayOnlyAccessLayers("cli");
    }

    /** Classes by their names below {@code org.emrexhub}, with those inside them. */
    private static DescribedPredicate<JavaClass> named(String... names) {
        return describe(
                "are " + String.join(", ", names),
                each -> Stream.of(names)
                        .map(name -> HUB + "." + name)
                        .anyMatch(name ->
                                each.getName().equals(name) || each.getName().startsWith(name + "$")));
    }
}
