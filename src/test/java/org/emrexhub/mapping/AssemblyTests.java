package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.emrexhub.elmo.Credits;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Assembly.Assembled;
import org.emrexhub.mapping.Assembly.Identifier;
import org.emrexhub.mapping.Assembly.Missing;
import org.emrexhub.mapping.Assembly.Request;
import org.emrexhub.mapping.Assembly.Source;
import org.emrexhub.mapping.MappingResult.Finding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmlunit.assertj3.MultipleNodeAssert;
import org.xmlunit.assertj3.XmlAssert;

class AssemblyTests {

    private static final String NS = "https://github.com/emrex-eu/elmo-schemas/tree/v1";
    private static final Instant NOW = Instant.parse("2026-01-15T10:00:00.123Z");
    private static final String CODE = "170599-902M";
    private static final Request REQUEST = new Request(
            List.of(new Identifier("nationalIdentifier", CODE)),
            "Testi Maija Elina",
            "Esimerkki",
            LocalDate.of(1999, 5, 17));

    private static final Stylesheets STYLESHEETS = new Stylesheets(MappingFolders.HOME);
    private static final ElmoSchema SCHEMA = new ElmoSchema(MappingFolders.HOME.resolve("mappings/elmo"));

    private final Assembly assembly = new Assembly(STYLESHEETS);

    @Test
    void makesOneReportOutOfTwoRegistersWithOneIssuer() {
        Assembled assembled = assemble(
                REQUEST,
                source(
                        "fi-virta",
                        "",
                        issuer("<identifier type='SCHAC'>Uni.Example</identifier>"),
                        course("A", "1", "5")),
                source(
                        "sql-view",
                        "",
                        issuer("<identifier type='erasmus'>SF UNI01</identifier><identifier type='schac'>uni.example"
                                + "</identifier>"),
                        course("B", "2", "3")));
        xpath(assembled, "/e:elmo/e:report").hasSize(1);
        xpath(assembled, "/e:elmo/e:report/e:issuer/e:identifier")
                .hasSize(2)
                .extractingAttribute("type")
                .containsExactly("schac", "erasmus");
        xpath(assembled, "//e:gradingScheme")
                .extractingAttribute("localId")
                .containsExactly("fi-virta:s", "sql-view:s");
        xpath(assembled, "//e:gradingSchemeLocalId").extractingText().containsExactly("fi-virta:s", "sql-view:s");
        xpath(assembled, "//e:learningOpportunityInstance/e:identifier")
                .extractingText()
                .containsExactly("1", "2");
    }

    @Test
    void joinsIssuersThatAThirdReportConnects() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "", issuer("<identifier type='schac'>x.example</identifier>"), course("A", "1", "5")),
                source("b", "", issuer("<identifier type='pic'>9</identifier>"), course("B", "2", "5")),
                source(
                        "c",
                        "",
                        issuer("<identifier type='pic'>9</identifier><identifier type='schac'>x.example</identifier>"),
                        course("C", "3", "5")));
        xpath(assembled, "/e:elmo/e:report").hasSize(1);
        xpath(assembled, "//e:learningOpportunityInstance").hasSize(3);
    }

    @Test
    void keepsApartWhatOneRegisterTellsApart() {
        String domain = "<identifier type='schac'>shared.example</identifier>";
        String first = domain + "<identifier type='national'>1</identifier>";
        String second = domain + "<identifier type='national'>2</identifier>";
        Source both = read(
                "a",
                bytes("<hub:result xmlns:hub='urn:emrexhub:mapping:1'>" + report(issuer(first), course("A", "1", "5"))
                        + report(issuer(second), course("B", "2", "5")) + "</hub:result>"));
        assertIssuerSizes(assemble(REQUEST, both), 1, 1);
        assertIssuerSizes(assemble(REQUEST, both, source("b", "", issuer(second), course("C", "3", "5"))), 1, 2);
        assertIssuerSizes(assemble(REQUEST, both, source("b", "", issuer(domain), course("C", "3", "5"))), 1, 1, 1);
    }

    private static void assertIssuerSizes(Assembled assembled, int... courses) {
        xpath(assembled, "/e:elmo/e:report").hasSize(courses.length);
        for (int i = 0; i < courses.length; i++) {
            xpath(assembled, "/e:elmo/e:report[" + (i + 1) + "]/e:learningOpportunitySpecification")
                    .hasSize(courses[i]);
        }
    }

    @Test
    void keepsOtherIssuersApart() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "", issuer("<identifier type='schac'>x.example</identifier>"), course("A", "1", "5")),
                source("b", "", issuer("<identifier type='schac'>y.example</identifier>"), course("B", "2", "5")));
        xpath(assembled, "/e:elmo/e:report").hasSize(2);
    }

    @Test
    void takesTheSameCreditFromOneRegisterOnly() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "", issuer(), course("A", "1", "5")),
                source("b", "", issuer(), course("A", "1", "5")));
        xpath(assembled, "//e:learningOpportunityInstance").hasSize(1);
        assertThat(assembled.findings()).contains(finding("b", "1", "credit-in-two-registers", "warning"));
    }

    @Test
    void countsACreditOnceThoughTheSecondRegisterGivesPartsOfIt() {
        String part = course("C", "2", "0").replaceAll("<credit>.*</credit>", "");
        Assembled withoutCredits = assemble(
                REQUEST,
                source("a", "", issuer(), course("MW", "W", "5")),
                source("b", "", issuer(), whole("W", "5", part)));
        xpath(withoutCredits, "//e:learningOpportunityInstance/e:identifier")
                .extractingText()
                .containsExactly("W", "W", "2");
        xpath(withoutCredits, "//e:credit/e:value").extractingText().containsExactly("5");
        assertThat(withoutCredits.findings())
                .contains(finding("b", "W", "credit-in-two-registers", "warning"))
                .doesNotContain(finding("b", "2", "credit-in-two-registers", "warning"));

        Assembled withCredits = assemble(
                REQUEST,
                source("a", "", issuer(), course("MW", "W", "5")),
                source("b", "", issuer(), whole("W", "5", course("A", "1", "2"), course("B", "2", "3"))));
        xpath(withCredits, "//e:credit/e:value").extractingText().containsExactly("5");
        assertThat(withCredits.findings())
                .contains(
                        finding("b", "1", "credit-in-two-registers", "warning"),
                        finding("b", "2", "credit-in-two-registers", "warning"));
    }

    @Test
    void addsPartsThatOnlyTheSecondRegisterHas() {
        Assembled same = assemble(
                REQUEST,
                source("a", "", issuer(), whole("W", "5", course("A", "1", "5"))),
                source("b", "", issuer(), whole("W", "5", course("A", "1", "5"))));
        xpath(same, "//e:learningOpportunityInstance").hasSize(2);

        Assembled more = assemble(
                REQUEST,
                source("a", "", issuer(), whole("W", "5", course("A", "1", "5"))),
                source("b", "", issuer(), whole("W", "8", course("A", "1", "5"), course("B", "2", "3"))));
        xpath(more, "//e:credit/e:value").extractingText().containsExactly("5", "3");
    }

    @Test
    void takesCreditsWithoutACourseCodeForTheSameOnlyIfAllElseIsEqual() {
        String first = course("A", "1", "5").replaceFirst("<identifier type='local'>A</identifier>", "");
        assertThat(numberOfCredits(first, first)).isOne();
        assertThat(numberOfCredits(first, first.replace("Title", "Other"))).isEqualTo(2);
        assertThat(numberOfCredits(first, first.replace("2024-05-20", "2024-05-21")))
                .isEqualTo(2);
    }

    @Test
    void doesNotTakeAFailForAPassOfTheSameCourse() {
        String passed = course("A", "1", "5");
        String failed = passed.replace(">passed<", ">failed<");

        assertThat(numberOfCredits(failed, passed)).isOne();
        assertThat(numberOfCredits(passed, failed)).isOne();
        assertThat(numberOfCredits(passed, passed)).isOne();
        xpath(
                        assemble(REQUEST, source("a", "", issuer(), passed), source("b", "", issuer(), failed)),
                        "//e:learningOpportunityInstance")
                .hasSize(1);
    }

    private int numberOfCredits(String first, String second) {
        return Credits.of(assemble(REQUEST, source("a", "", issuer(), first), source("b", "", issuer(), second))
                        .elmo())
                .size();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<hub:identifier type='nationalIdentifier'>170599-903N</hub:identifier>",
                "<hub:identifier type='nationalIdentifier'>170599-902M</hub:identifier>"
                        + "<hub:identifier type='nationalIdentifier'>170599-903N</hub:identifier>",
                "<hub:bday>1999-05-18</hub:bday>",
            })
    void refusesAnotherPersonThanTheRequestNames(String learner) {
        HubFailure failure = mismatch(REQUEST, source("fi-virta", learner, issuer(), course("A", "1", "5")));
        assertThat(failure.detail()).doesNotContain("1999", "1705").contains("fi-virta");
    }

    @Test
    void refusesTwoRegistersThatDescribeDifferentPeople() {
        Request bare = new Request(List.of(), "Testi", "Esimerkki", null);
        mismatch(
                bare,
                source("a", "<hub:identifier type='esi'>urn:x:1</hub:identifier>", issuer(), course("A", "1", "5")),
                source("b", "<hub:identifier type='esi'>urn:x:2</hub:identifier>", issuer(), course("B", "2", "5")));
        mismatch(
                bare,
                source("a", "<hub:bday>1999-05-17</hub:bday>", issuer(), course("A", "1", "5")),
                source("b", "<hub:bday>1999-05-18Z</hub:bday>", issuer(), course("B", "2", "5")));
    }

    @ParameterizedTest
    @CsvSource({
        "170599-902M, 1999-05-17", "170599Y902M, 1999-05-17", "170599X902M, 1999-05-17", "170599W902M, 1999-05-17",
        "170599V902M, 1999-05-17", "170599U902M, 1999-05-17", "170599+902M, 1899-05-17", "170599A902M, 2099-05-17",
        "170599B902M, 2099-05-17", "170599C902M, 2099-05-17", "170599D902M, 2099-05-17", "170599E902M, 2099-05-17",
        "170599F902M, 2099-05-17"
    })
    void readsTheBirthDateInAFinnishIdentityCode(String code, LocalDate born) {
        Request request = new Request(List.of(), "Testi", "Esimerkki", born);
        String learner = "<hub:identifier type='nationalIdentifier'>" + code + "</hub:identifier>";
        Source source = source("fi-virta", learner, issuer(), course("A", "1", "5"));
        xpath(assemble(request, source), "//e:bday").extractingText().containsExactly(born.toString());
        mismatch(new Request(List.of(), "Testi", "Esimerkki", born.plusDays(1)), source);
    }

    @Test
    void takesNoOtherNumberForAFinnishIdentityCode() {
        Request request = new Request(List.of(), "Test", "Eksempel", LocalDate.of(2001, 1, 1));
        String wrongCheck = "<hub:identifier type='nationalIdentifier'>170599-902A</hub:identifier>";
        assemble(request, source("fi-virta", wrongCheck, issuer(), course("A", "1", "5")));
        String noFinn = "<hub:identifier type='nationalIdentifier'>" + CODE + "</hub:identifier>";
        assemble(request, source("dk-view", noFinn, issuer(), course("A", "1", "5")));
    }

    @Test
    void comparesIdentifiersWithoutRegardToCaseAndSpace() {
        assemble(
                REQUEST,
                source(
                        "fi-virta",
                        "<hub:identifier type='nationalIdentifier'> 170599-902m </hub:identifier>",
                        issuer(),
                        course("A", "1", "5")));
    }

    @Test
    void takesTheNamesOfTheRegisterAndSaysSo() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "<hub:familyName>Vain Suku</hub:familyName>", issuer(), course("A", "1", "5")),
                source(
                        "b",
                        "<hub:givenNames>Testi Maija</hub:givenNames><hub:familyName>Esimerkki-Uusi</hub:familyName>",
                        issuer(),
                        course("B", "2", "5")));
        xpath(assembled, "//e:givenNames").extractingText().containsExactly("Testi Maija");
        xpath(assembled, "//e:familyName").extractingText().containsExactly("Esimerkki-Uusi");
        assertThat(assembled.findings())
                .contains(
                        finding("b", null, "names-from-register", "info"),
                        finding(null, null, "request-names-differ", "warning"),
                        finding("a", null, "names-differ", "warning"));
    }

    @Test
    void takesTheNamesOfTheRequestIfNoRegisterGivesThemAndSaysSo() {
        Assembled assembled = assemble(REQUEST, source("a", "", issuer(), course("A", "1", "5")));
        xpath(assembled, "//e:familyName").extractingText().containsExactly("Esimerkki");
        assertThat(assembled.findings()).containsExactly(finding(null, null, "names-from-request", "info"));
    }

    @Test
    void keepsEctsOnThePartsAndTellsWhetherTheyAddUp() {
        Assembled equal = assemble(
                REQUEST, source("a", "", issuer(), whole("W", "10", course("A", "1", "4"), course("B", "2", "6"))));
        xpath(equal, "//e:credit/e:value").extractingText().containsExactly("4", "6");
        assertThat(equal.findings()).contains(finding("a", "W", "ects-kept-on-parts", "info"));

        Assembled unequal =
                assemble(REQUEST, source("a", "", issuer(), whole("W", "10", whole("V", "9", course("A", "1", "4")))));
        xpath(unequal, "//e:credit/e:value").extractingText().containsExactly("4");
        assertThat(unequal.findings())
                .contains(
                        finding("a", "W", "ects-of-whole-differ", "warning"),
                        finding("a", "V", "ects-of-whole-differ", "warning"));
    }

    @Test
    void keepsEctsOnAPassedWholeIfNoPassedPartHasAny() {
        Assembled none = assemble(
                REQUEST,
                source(
                        "a",
                        "",
                        issuer(),
                        whole("W", "12.5", failed(course("A", "1", "5")), failed(course("B", "2", "7.5")))));
        xpath(none, "//e:credit/e:value").extractingText().containsExactly("12.5");
        assertThat(none.findings())
                .contains(
                        finding("a", "1", "ects-kept-on-whole", "warning"),
                        finding("a", "2", "ects-kept-on-whole", "warning"));

        Assembled some = assemble(
                REQUEST,
                source("a", "", issuer(), whole("W", "12.5", course("A", "1", "5"), failed(course("B", "2", "7.5")))));
        xpath(some, "//e:credit/e:value").extractingText().containsExactly("5", "7.5");
        assertThat(some.findings()).contains(finding("a", "W", "ects-of-whole-differ", "warning"));

        Assembled nested = assemble(
                REQUEST, source("a", "", issuer(), whole("W", "5", whole("V", "5", failed(course("A", "1", "5"))))));
        xpath(nested, "//e:credit/../e:identifier").extractingText().containsExactly("V");

        Assembled open = assemble(
                REQUEST,
                source(
                        "a",
                        "",
                        issuer(),
                        whole("W", "180", course("A", "1", "5")).replaceFirst("passed", "in-progress")));
        xpath(open, "//e:credit/e:value").extractingText().containsExactly("5");
    }

    private static String failed(String course) {
        return course.replace("<status>passed<", "<status>failed<");
    }

    @Test
    void letsNoCreditsGiveWayToAny() {
        Assembled onWhole = assemble(REQUEST, source("a", "", issuer(), whole("W", "10", course("A", "1", "0"))));
        xpath(onWhole, "//e:credit/e:value").extractingText().containsExactly("10");
        Assembled onPart = assemble(REQUEST, source("a", "", issuer(), whole("W", "0", course("A", "1", "3"))));
        xpath(onPart, "//e:credit/e:value").extractingText().containsExactly("3");
        Assembled nowhere = assemble(REQUEST, source("a", "", issuer(), whole("W", "0", course("A", "1", "0"))));
        xpath(nowhere, "//e:credit/e:value").extractingText().containsExactly("0");
    }

    @Test
    void leavesOutACountryThatElmoDoesNotKnowAndSaysSo() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "<hub:citizenship>SS</hub:citizenship>", issuer(), course("A", "1", "5")),
                source("b", "<hub:citizenship>FI</hub:citizenship>", issuer(), course("B", "2", "5")));
        xpath(assembled, "//e:citizenship").extractingText().containsExactly("FI");
        assertThat(assembled.findings()).contains(finding("a", null, "country-not-in-elmo", "info"));
    }

    @Test
    void namesAMissingRegisterInTheDocument() {
        Assembled assembled = assembly.assemble(
                REQUEST,
                List.of(source("a", "", issuer(), course("A", "1", "5"))),
                List.of(new Missing("b", FailureCode.REGISTER_FAULT)),
                NOW);
        assertValid(assembled);
        XmlAssert.assertThat(assembled.elmo())
                .withNamespaceContext(Map.of("e", NS, "x", "urn:emrexhub:elmo:1"))
                .nodesByXPath("/e:elmo/e:extension/x:missing[@register='b'][@code='register_fault']")
                .hasSize(1);
        assertThat(assembled.findings()).contains(finding("b", null, "register-missing", "warning"));
    }

    @Test
    void refusesADocumentWithoutRecords() {
        HubFailure failure = catchThrowableOfType(
                HubFailure.class, () -> assemble(REQUEST, source("a", "", issuer(), ""), source("b", "", "", "")));
        assertThat(failure.code()).isEqualTo(FailureCode.NOTHING_TO_TRANSFER);
    }

    @Test
    void namesARegisterWithoutRecordsBesideOneThatHasSome() {
        Assembled assembled = assemble(
                REQUEST,
                source("a", "", issuer(), course("A", "1", "5")),
                read("b", bytes("<hub:result xmlns:hub='urn:emrexhub:mapping:1'><hub:learner/></hub:result>")));
        assertThat(assembled.findings()).contains(finding("b", null, "nothing-in-register", "info"));
    }

    @Test
    void writesElmoWithoutPrefixAndWithoutTheHubsNamespace() {
        String text = new String(
                assemble(REQUEST, source("a", "", issuer(), course("A", "1", "5")))
                        .elmo(),
                StandardCharsets.UTF_8);
        assertThat(text)
                .contains("<elmo xmlns=\"" + NS + "\"><generatedDate>2026-01-15T10:00:00Z</generatedDate>")
                .doesNotContain("urn:emrexhub");
    }

    @Test
    void attachesTheTranscriptFirstAndKeepsTheRest() {
        byte[] elmo = assembly.assemble(
                        REQUEST,
                        List.of(source("a", "", issuer(), course("A", "1", "5"))),
                        List.of(new Missing("b", FailureCode.REGISTER_FAULT)),
                        NOW)
                .elmo();
        byte[] attached = new Attachment(STYLESHEETS).attach(elmo, bytes("%PDF-1.7 invented"));
        assertThat(SCHEMA.validate(attached)).isEmpty();
        XmlAssert.assertThat(attached)
                .withNamespaceContext(Map.of("e", NS))
                .nodesByXPath(
                        "/e:elmo/e:attachment[1][e:title='EMREX transcript'][e:type='EMREX transcript']"
                                + "[starts-with(e:content, 'data:application/pdf;base64,JVBERi')]/following-sibling::e:extension")
                .hasSize(1);
    }

    private Assembled assemble(Request request, Source... sources) {
        Assembled assembled = assembly.assemble(request, List.of(sources), List.of(), NOW);
        assertThat(assembled.credits()).isEqualTo(Credits.of(assembled.elmo()));
        assertValid(assembled);
        return assembled;
    }

    private void assertValid(Assembled assembled) {
        assertThat(SCHEMA.validate(assembled.elmo())).isEmpty();
        assertThat(assembled.findings())
                .allSatisfy(finding -> assertThat(finding.text()).isNotEmpty());
    }

    private HubFailure mismatch(Request request, Source... sources) {
        HubFailure failure = catchThrowableOfType(HubFailure.class, () -> assemble(request, sources));
        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(FailureCode.LEARNER_MISMATCH);
        return failure;
    }

    private static MultipleNodeAssert xpath(Assembled assembled, String path) {
        return XmlAssert.assertThat(assembled.elmo())
                .withNamespaceContext(Map.of("e", NS))
                .nodesByXPath(path);
    }

    private Finding finding(@Nullable String register, @Nullable String ref, String rule, String severity) {
        String text = CodeTables.read(MappingFolders.HOME.resolve("mappings/elmo/codes.xml"))
                .text("finding-rules", rule);
        return new Finding(register, ref, rule, severity, String.valueOf(text));
    }

    private static Source read(String register, byte[] result) {
        return new Assembly(STYLESHEETS).source(register, result);
    }

    private static Source source(String register, String learner, String issuer, String los) {
        String report = issuer.isEmpty() ? "" : report(issuer, los);
        return read(
                register,
                bytes("<hub:result xmlns:hub='urn:emrexhub:mapping:1'><hub:learner>" + learner + "</hub:learner>"
                        + report + "</hub:result>"));
    }

    private static String report(String issuer, String los) {
        return "<report xmlns='" + NS + "'>" + issuer + los + "<issueDate>2026-01-15T00:00:00Z</issueDate>"
                + "<gradingScheme localId='s'><description>0-5</description></gradingScheme></report>";
    }

    private static String issuer() {
        return issuer("<identifier type='schac'>uni.example</identifier>");
    }

    private static String issuer(String identifiers) {
        return "<issuer>" + identifiers + "<title>Example University</title><url>https://uni.example</url></issuer>";
    }

    private static String course(String code, String id, String ects) {
        return los(code, id, "<gradingSchemeLocalId>s</gradingSchemeLocalId><resultLabel>4</resultLabel>", ects, "");
    }

    private static String whole(String id, String ects, String... parts) {
        StringBuilder inside = new StringBuilder();
        for (String part : parts) {
            inside.append("<hasPart>").append(part).append("</hasPart>");
        }
        return los("M" + id, id, "", ects, inside.toString());
    }

    private static String los(String code, String id, String grade, String ects, String parts) {
        return "<learningOpportunitySpecification><identifier type='local'>" + code
                + "</identifier><title>Title</title><specifies><learningOpportunityInstance><identifier type='local'>"
                + id + "</identifier><date>2024-05-20</date><status>passed</status>" + grade
                + "<credit><scheme>ECTS</scheme><value>" + ects
                + "</value></credit></learningOpportunityInstance></specifies>" + parts
                + "</learningOpportunitySpecification>";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
