package org.emrexhub.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TranscriptTests {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void start() throws Exception {
        CAMEL.getRegistry().bind("transcripts", new Transcripts());
        CAMEL.addRoutes(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                routeConfiguration("failure-policy");
            }
        });
        PluginHelper.getRoutesLoader(CAMEL)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(CAMEL, "file:routes/hub/5-transcript.camel.yaml"));
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @Test
    void showsWhoTheLearnerIs() throws Exception {
        assertThat(text(sample("Malla Ülle", "Mallikas")))
                .contains(
                        "EMREX transcript",
                        "Given names Malla Ülle",
                        "Family name Mallikas",
                        "Date of birth 1990-01-01",
                        "Citizenship FI",
                        "National identifier 010190-999X",
                        "esi urn:schac:personalUniqueCode:int:esi:invented.example:1");
    }

    @Test
    void showsNamesInOtherScripts() throws Exception {
        assertThat(text(sample("Μαρία Υπόδειγμα", "Примерова-Żółć")))
                .contains("Given names Μαρία Υπόδειγμα", "Family name Примерова-Żółć");
    }

    @Test
    void printsAlsoWhatItsFontsCannotShow() throws Exception {
        assertThat(text(sample("張 \uD83D\uDE00 محمد नमूना", "Mallikas")))
                .contains("Given names", "Family name Mallikas", "The fonts of this transcript lack some");
        assertThat(text(sample("Malla Ülle", "Mallikas"))).doesNotContain("The fonts of this transcript");
    }

    @Test
    void printsFromRightToLeftWhatIsReadSo() throws Exception {
        assertThat(text(sample("דוגמה בדויה", "محمد")))
                .contains("Given names דוגמה בדויה", "Family name محمد")
                .doesNotContain("#", "The fonts of this transcript");
    }

    @Test
    void showsEveryRecordOfEveryInstitution() throws Exception {
        assertThat(text(sample("Malla", "Mallikas")))
                .containsSubsequence(
                        "Invented University",
                        "Keksitty yliopisto · FI · schac invented.example · issued 2026-03-01",
                        "Master of Inventions",
                        "2025-06-01",
                        "120.0 ECTS",
                        "EQF 7",
                        "passed",
                        "Imagined algorithms",
                        "Kuvitellut algoritmit · Course · INV-2 · English",
                        "5 scale 1",
                        "7.5 ECTS",
                        "Grading scale 1: 0-5, 1 is the lowest passing grade",
                        "Second Made-up School",
                        "No records.",
                        "Generated 2026-03-01 12:00 UTC.",
                        "authoritative record");
    }

    @Test
    void showsMarkupInATitleAsText() throws Exception {
        assertThat(text(sample("Malla", "Mallikas"))).contains("Sines & cosines <b>advanced</b> &amp; \"more\"");
    }

    @Test
    void shortensWhatNobodyCouldRead() throws Exception {
        assertThat(text(sample("x".repeat(300_000), "Mallikas")))
                .contains("(shortened here; the ELMO document has the whole text)", "Family name Mallikas");
    }

    @Test
    void namesTheRegistersThatAreMissing() throws Exception {
        assertThat(text(print(sample("Malla", "Mallikas"), List.of("VIRTA, Finland (register_unavailable)"))))
                .contains("Not included, since it could not be asked: VIRTA, Finland (register_unavailable)");
    }

    @Test
    void isEqualForEqualDocuments() {
        String document = sample("Malla", "Mallikas");

        assertThat(print(document, null)).isEqualTo(print(document, null));
    }

    @Test
    void embedsItsFontsAsSubsets() throws Exception {
        byte[] pdf = print(sample("Μαρία", "Примерова"), null);

        assertThat(pdf).hasSizeLessThan(60_000);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            for (PDPage page : document.getPages()) {
                for (COSName name : page.getResources().getFontNames()) {
                    PDFont font = page.getResources().getFont(name);
                    assertThat(font.isEmbedded()).as(font.getName()).isTrue();
                    assertThat(font.getName()).matches("[A-Z]{6}\\+DejaVuSans.*");
                }
            }
        }
    }

    @Test
    void repeatsTheTableHeadOnEveryPage() throws Exception {
        String course = between(sample("Malla", "Mallikas"), "<hasPart>", "</hasPart>");
        String document = sample("Malla", "Mallikas").replace(course, course.repeat(60));

        try (PDDocument pdf = Loader.loadPDF(print(document, null))) {
            assertThat(pdf.getNumberOfPages()).isGreaterThan(2);
            PDFTextStripper second = new PDFTextStripper();
            second.setStartPage(2);
            second.setEndPage(2);
            assertThat(second.getText(pdf))
                    .contains("Record Date Result Credits Level Status", "Page 2 of " + pdf.getNumberOfPages());
        }
    }

    @Test
    void refusesADocumentTypeDeclaration() {
        String document = "<!DOCTYPE elmo [<!ENTITY name 'Malla'>]>" + sample("&name;", "Mallikas");

        assertThatThrownBy(() -> print(document, null)).hasStackTraceContaining("DOCTYPE");
    }

    private static String between(String text, String from, String to) {
        return text.substring(text.indexOf(from), text.indexOf(to) + to.length());
    }

    private static String text(String document) throws IOException {
        return text(print(document, null));
    }

    /** What a person can select and copy, lines joined: where a line breaks is not our subject. */
    private static String text(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(false);
            return stripper.getText(document).replaceAll("\\s+", " ");
        }
    }

    private static byte[] print(String document, @Nullable List<String> missing) {
        try (var template = CAMEL.createFluentProducerTemplate()) {
            return template.withBody(document.getBytes(StandardCharsets.UTF_8))
                    .withVariable("missing", missing)
                    .to("direct:hub-transcript")
                    .request(byte[].class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (CamelExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static String sample(String givenNames, String familyName) {
        return """
                <elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
                  <generatedDate>2026-03-01T12:00:00Z</generatedDate>
                  <learner>
                    <citizenship>FI</citizenship>
                    <identifier type="nationalIdentifier">010190-999X</identifier>
                    <identifier type="esi">urn:schac:personalUniqueCode:int:esi:invented.example:1</identifier>
                    <givenNames>%s</givenNames>
                    <familyName>%s</familyName>
                    <bday>1990-01-01</bday>
                  </learner>
                  <report>
                    <issuer>
                      <country>FI</country>
                      <identifier type="schac">invented.example</identifier>
                      <title xml:lang="fi">Keksitty yliopisto</title>
                      <title xml:lang="en">Invented University</title>
                      <url>https://invented.example</url>
                    </issuer>
                    <learningOpportunitySpecification>
                      <identifier type="local">INV-1</identifier>
                      <title xml:lang="en">Master of Inventions</title>
                      <type>Degree Programme</type>
                      <specifies><learningOpportunityInstance>
                        <identifier type="local">INV-1-1</identifier>
                        <date>2025-06-01</date>
                        <status>passed</status>
                        <credit><scheme>ects</scheme><value>120.0</value></credit>
                        <level><type>EQF</type><value>7</value></level>
                      </learningOpportunityInstance></specifies>
                      <hasPart><learningOpportunitySpecification>
                        <identifier type="local">INV-2</identifier>
                        <title xml:lang="en">Imagined algorithms</title>
                        <title xml:lang="fi">Kuvitellut algoritmit</title>
                        <type>Course</type>
                        <specifies><learningOpportunityInstance>
                          <identifier type="local">INV-2-1</identifier>
                          <date>2024-12-20</date>
                          <status>passed</status>
                          <gradingSchemeLocalId>s1</gradingSchemeLocalId>
                          <resultLabel>5</resultLabel>
                          <credit><scheme>ects</scheme><value>7.5</value></credit>
                          <languageOfInstruction>en</languageOfInstruction>
                        </learningOpportunityInstance></specifies>
                      </learningOpportunitySpecification></hasPart>
                      <hasPart><learningOpportunitySpecification>
                        <title xml:lang="en">Sines &amp; cosines &lt;b>advanced&lt;/b> &amp;amp; "more"</title>
                        <specifies><learningOpportunityInstance>
                          <identifier type="local">INV-3-1</identifier>
                          <status>failed</status>
                        </learningOpportunityInstance></specifies>
                      </learningOpportunitySpecification></hasPart>
                    </learningOpportunitySpecification>
                    <issueDate>2026-03-01T12:00:00Z</issueDate>
                    <gradingScheme localId="s1"><description xml:lang="en">0-5, 1 is the lowest passing grade</description></gradingScheme>
                  </report>
                  <report>
                    <issuer>
                      <identifier type="schac">second.example</identifier>
                      <title xml:lang="en">Second Made-up School</title>
                      <url>https://second.example</url>
                    </issuer>
                    <issueDate>2026-03-01T12:00:00Z</issueDate>
                  </report>
                </elmo>
                """.formatted(givenNames, familyName);
    }
}
