package org.emrexhub.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class SigningTests {

    private static final SigningKey KEY = TestKeys.signingKey(TestKeys.hub());

    private final SigningRoutes routes = new SigningRoutes(KEY, TestKeys.CLOCK);

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void signsAsLastChildOfTheRoot() throws Throwable {
        Element root = ElmoSamples.parse(routes.sign(ElmoSamples.unsigned())).getDocumentElement();

        List<Element> signatures = Signatures.ofRoot(root);
        assertThat(signatures).containsExactly((Element) root.getLastChild());
        Element signature = (Element) root.getLastChild();
        assertThat(attributes(signature, "Reference", "URI")).containsExactly("");
        assertThat(attributes(signature, "Transform", "Algorithm"))
                .containsExactly("http://www.w3.org/2000/09/xmldsig#enveloped-signature");
        assertThat(attributes(signature, "CanonicalizationMethod", "Algorithm"))
                .containsExactly("http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
        assertThat(attributes(signature, "SignatureMethod", "Algorithm"))
                .containsExactly("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        assertThat(attributes(signature, "DigestMethod", "Algorithm"))
                .containsExactly("http://www.w3.org/2001/04/xmlenc#sha256");
        assertThat(texts(signature, "X509Certificate"))
                .containsExactly(
                        Base64.getEncoder().encodeToString(KEY.certificate().getEncoded()));
    }

    @Test
    void givesEqualBytesForEqualDocuments() throws Throwable {
        assertThat(routes.sign(ElmoSamples.unsigned())).isEqualTo(routes.sign(ElmoSamples.unsigned()));
    }

    @Test
    void changesNothingButTheSignature() throws Throwable {
        Document signed = ElmoSamples.parse(routes.sign(ElmoSamples.unsigned()));
        signed.getDocumentElement().removeChild(signed.getDocumentElement().getLastChild());

        assertThat(ElmoSamples.bytes(signed)).isEqualTo(ElmoSamples.bytes(ElmoSamples.parse(ElmoSamples.unsigned())));
    }

    @Test
    void writesNoNoise() throws Throwable {
        String signed = new String(routes.sign(ElmoSamples.unsigned()), StandardCharsets.UTF_8);

        assertThat(signed)
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<elmo xmlns=")
                .doesNotContain("xmlns:xml=");
    }

    @Test
    void refusesADocumentThatIsSignedAlready() throws Throwable {
        byte[] signed = routes.sign(ElmoSamples.unsigned());

        assertThatThrownBy(() -> routes.sign(signed))
                .isInstanceOfSatisfying(
                        HubFailure.class, it -> assertThat(it.code()).isEqualTo(FailureCode.HUB_DEFECT))
                .hasMessageContaining("signed already");
    }

    @Test
    void signsADocumentWhoseDiplomaSupplementHasItsOwnSignature() throws Throwable {
        byte[] signed = routes.sign(ElmoSamples.withSupplement());

        assertThat(routes.verify(signed)).isEqualTo(signed);
    }

    @Test
    void stopsSigningWhenTheCertificateHasExpired() {
        Clock later = Clock.offset(TestKeys.CLOCK, Duration.ofDays(301));
        try (SigningRoutes expired = new SigningRoutes(KEY, later)) {
            assertThatThrownBy(() -> expired.sign(ElmoSamples.unsigned()))
                    .isInstanceOfSatisfying(
                            HubFailure.class, it -> assertThat(it.code()).isEqualTo(FailureCode.SIGNING_KEY_EXPIRED))
                    .hasMessageContaining("2026-12-26");
        }
    }

    @Test
    void verifyingLeavesTheSignedBytesAsTheyAre() throws Throwable {
        byte[] signed = routes.sign(ElmoSamples.unsigned());

        assertThat(routes.verify(signed)).isSameAs(signed);
    }

    @Test
    void anIndependentVerifierAcceptsTheSignatureAndRefusesEveryChangedByte(@TempDir Path folder) throws Throwable {
        Xmlsec1 xmlsec1 = new Xmlsec1(folder, KEY.certificate());
        byte[] signed = routes.sign(ElmoSamples.unsigned());

        assertThat(xmlsec1.accepts(signed)).isTrue();
        for (Tampered tampered : tampered(signed)) {
            assertThat(xmlsec1.accepts(tampered.document()))
                    .as(tampered.where())
                    .isFalse();
        }
    }

    @Test
    void theVerifyRouteRefusesEveryChangedByte() throws Throwable {
        byte[] signed = routes.sign(ElmoSamples.unsigned());

        assertThat(routes.accepts(signed)).isTrue();
        for (Tampered tampered : tampered(signed)) {
            assertThat(routes.accepts(tampered.document())).as(tampered.where()).isFalse();
        }
    }

    private record Tampered(String where, byte[] document) {}

    /** The document with one byte changed, once for each text node of learner, credit and attachment. */
    private static List<Tampered> tampered(byte[] signed) {
        List<Tampered> all = new ArrayList<>();
        // What is written back unchanged must be what was read; else the change would not be the reason to refuse.
        byte[] same = ElmoSamples.bytes(ElmoSamples.parse(signed));
        for (int i = 0; i < protectedTexts(ElmoSamples.parse(signed)).size(); i++) {
            Document copy = ElmoSamples.parse(signed);
            Node text = protectedTexts(copy).get(i);
            String value = text.getNodeValue();
            int at = Math.max(0, firstAscii(value));
            char changed = Character.isWhitespace(value.charAt(at)) ? '\t' : value.charAt(at) == 'x' ? 'y' : 'x';
            text.setNodeValue(value.substring(0, at) + changed + value.substring(at + 1));
            byte[] bytes = ElmoSamples.bytes(copy);
            assertThat(differences(same, bytes)).isEqualTo(1);
            all.add(new Tampered(text.getParentNode().getNodeName() + " text " + i, bytes));
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    private static int firstAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isLetterOrDigit(value.charAt(i)) && value.charAt(i) < 128) {
                return i;
            }
        }
        return 0;
    }

    private static int differences(byte[] one, byte[] other) {
        assertThat(other).hasSameSizeAs(one);
        int count = 0;
        for (int i = 0; i < one.length; i++) {
            count += one[i] == other[i] ? 0 : 1;
        }
        return count;
    }

    private static List<Node> protectedTexts(Document document) {
        List<Node> texts = new ArrayList<>();
        for (String name : List.of("learner", "credit", "attachment")) {
            NodeList elements = document.getElementsByTagNameNS(ElmoSamples.NAMESPACE, name);
            assertThat(elements.getLength()).as(name).isPositive();
            for (int i = 0; i < elements.getLength(); i++) {
                collect(elements.item(i), texts);
            }
        }
        return texts;
    }

    private static void collect(Node node, List<Node> texts) {
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.TEXT_NODE) {
                texts.add(child);
            }
            collect(child, texts);
        }
    }

    private static List<String> attributes(Element signature, String element, String attribute) {
        return dsig(signature, element).stream()
                .map(it -> it.getAttribute(attribute))
                .toList();
    }

    private static List<String> texts(Element signature, String element) {
        return dsig(signature, element).stream()
                .map(it -> it.getTextContent().replaceAll("\\s", ""))
                .toList();
    }

    private static List<Element> dsig(Element signature, String element) {
        NodeList nodes = signature.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", element);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }
}
