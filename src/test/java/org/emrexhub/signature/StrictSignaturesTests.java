package org.emrexhub.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureException;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureFormatException;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureInvalidContentHashException;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureInvalidValueException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.emrexhub.signature.ElmoSamples.Form;
import org.emrexhub.signature.SignatureRefused.Reason;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class StrictSignaturesTests {

    private static final KeyPair PEER = TestKeys.hub();
    private static final KeyPair ATTACKER = TestKeys.other();

    @Test
    void acceptsWhatPeersWrite() throws Throwable {
        verify(signed(Form.GOOD));
        verify(signed(Form.GOOD.canonicalizing(CanonicalizationMethod.EXCLUSIVE)));
        verify(signed(Form.GOOD.transforms(List.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE))));
        verify(signed(Form.GOOD.transforms(List.of(Transform.ENVELOPED, CanonicalizationMethod.INCLUSIVE))));
        verify(signed(Form.GOOD.signing(SignatureMethod.RSA_SHA384).digesting(DigestMethod.SHA384)));
        verify(signed(Form.GOOD.signing(SignatureMethod.RSA_SHA512).digesting(DigestMethod.SHA512)));
    }

    @Test
    void acceptsEllipticCurves() throws Throwable {
        KeyPair pair = TestKeys.ec();
        byte[] signed =
                ElmoSamples.signed(ElmoSamples.unsigned(), pair, Form.GOOD.signing(SignatureMethod.ECDSA_SHA256));

        verify(signed, pair.getPublic());
    }

    @Test
    void acceptsADiplomaSupplementsOwnSignatureAsData() throws Throwable {
        verify(ElmoSamples.signed(ElmoSamples.withSupplement(), PEER, Form.GOOD));
    }

    @Test
    void refusesAChangeInsideADiplomaSupplement() {
        byte[] signed = ElmoSamples.signed(ElmoSamples.withSupplement(), PEER, Form.GOOD);
        byte[] changed = replaced(signed, "<ds:SignatureValue>AAAA<", "<ds:SignatureValue>AAAB<");

        assertThatThrownBy(() -> verify(changed)).isInstanceOf(XmlSignatureInvalidContentHashException.class);
    }

    @Test
    void refusesSha1() {
        refused(() -> verify(signed(Form.GOOD.signing(SignatureMethod.RSA_SHA1))), Reason.ALGORITHM);
        refused(() -> verify(signed(Form.GOOD.digesting(DigestMethod.SHA1))), Reason.ALGORITHM);
    }

    @Test
    void refusesACanonicalizationThatIsNotOfElmo() {
        refused(
                () -> verify(signed(Form.GOOD.canonicalizing(CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS))),
                Reason.ALGORITHM);
    }

    @Test
    void refusesNoSignature() {
        assertThatThrownBy(() -> verify(ElmoSamples.unsigned())).isInstanceOf(XmlSignatureFormatException.class);
        assertThatThrownBy(() -> verify(ElmoSamples.withSupplement()))
                .as("a diploma supplement's signature is not the document's")
                .isInstanceOf(XmlSignatureFormatException.class);
    }

    @Test
    void refusesTwoSignatures() {
        byte[] twice = ElmoSamples.signed(signed(Form.GOOD), PEER, Form.GOOD);

        refused(() -> verify(twice), Reason.NOT_ONE_SIGNATURE);
    }

    @Test
    void refusesASecondSignatureElsewhere() {
        Document document = ElmoSamples.parse(signed(Form.GOOD));
        Element own = (Element) document.getDocumentElement().getLastChild();
        document.getElementsByTagNameNS(ElmoSamples.NAMESPACE, "report").item(0).appendChild(own.cloneNode(true));

        refused(() -> verify(ElmoSamples.bytes(document)), Reason.MISPLACED_SIGNATURE);
    }

    @Test
    void refusesAReferenceToAPart() {
        refused(() -> verify(signed(Form.GOOD.uri("#all"))), Reason.NOT_WHOLE_DOCUMENT);
    }

    @Test
    void refusesSeveralReferences() {
        refused(() -> verify(signed(Form.GOOD.references(2))), Reason.NOT_WHOLE_DOCUMENT);
    }

    @Test
    void refusesOtherTransforms() {
        refused(
                () -> verify(signed(Form.GOOD.transforms(List.of(
                        Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE, CanonicalizationMethod.EXCLUSIVE)))),
                Reason.TRANSFORMS);
        refused(
                () -> verify(signed(Form.GOOD.transforms(List.of(CanonicalizationMethod.EXCLUSIVE)))),
                Reason.TRANSFORMS);
        refused(() -> verify(signed(Form.GOOD.transforms(List.of()))), Reason.TRANSFORMS);
    }

    @Test
    void refusesAnotherElementAroundADocument() {
        refused(() -> verify(ElmoSamples.bytes(wrapped("wrapper"))), Reason.NOT_ELMO);
    }

    @Test
    void refusesAForgedDocumentAroundASignedOne() {
        Document forged = wrapped("elmo");

        assertThatThrownBy(() -> verify(ElmoSamples.bytes(forged)))
                .isInstanceOf(XmlSignatureInvalidContentHashException.class);
    }

    @Test
    void refusesASignedDocumentHiddenInAForgedOne() {
        Document forged = ElmoSamples.parse(ElmoSamples.unsigned());
        Document signed = ElmoSamples.parse(signed(Form.GOOD));
        forged.getDocumentElement().appendChild(forged.importNode(signed.getDocumentElement(), true));

        assertThatThrownBy(() -> verify(ElmoSamples.bytes(forged))).isInstanceOf(XmlSignatureFormatException.class);
    }

    @Test
    void refusesAnotherKeyWhateverCertificateTheDocumentHolds() {
        byte[] forged = ElmoSamples.signed(ElmoSamples.unsigned(), ATTACKER, Form.GOOD);

        assertThatThrownBy(() -> verify(forged)).isInstanceOf(XmlSignatureInvalidValueException.class);
    }

    @Test
    void refusesAKeyOfAnotherKind() {
        byte[] signed = ElmoSamples.signed(
                ElmoSamples.unsigned(), TestKeys.ec(), Form.GOOD.signing(SignatureMethod.ECDSA_SHA256));

        assertThatThrownBy(() -> verify(signed)).isInstanceOf(XmlSignatureException.class);
    }

    @Test
    void refusesAShortKey() {
        KeyPair small = TestKeys.rsa(1024);
        byte[] signed = ElmoSamples.signed(ElmoSamples.unsigned(), small, Form.GOOD);

        assertThatThrownBy(() -> verify(signed, small.getPublic()))
                .isInstanceOf(XmlSignatureException.class)
                .hasStackTraceContaining("too short");
    }

    @Test
    void refusesADocumentTypeDeclaration() {
        byte[] declared = replaced(signed(Form.GOOD), "<elmo ", "<!DOCTYPE elmo><elmo ");

        assertThatThrownBy(() -> verify(declared)).isInstanceOf(XmlSignatureFormatException.class);
    }

    /** The signed document inside a new root, to which the signature is moved. */
    private static Document wrapped(String root) {
        Document document = ElmoSamples.parse(signed(Form.GOOD));
        Element old = document.getDocumentElement();
        Element signature = (Element) old.getLastChild();
        Element outer = document.createElementNS(ElmoSamples.NAMESPACE, root);
        document.replaceChild(outer, old);
        outer.appendChild(old);
        outer.appendChild(signature);
        return document;
    }

    @Test
    void refusesWhatIsBroken() {
        byte[] signed = signed(Form.GOOD);
        for (byte[] broken : List.of(
                replaced(signed, "<elmo ", "<?xml version=\"1.0\" encoding=\"x-unknown\"?><elmo "),
                replaced(signed, "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha0"),
                replaced(signed, "xmlenc#sha256", "xmlenc#sha0"),
                Arrays.copyOf(signed, signed.length - 20),
                new byte[0],
                "<elmo>".repeat(10_000).getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> verify(broken)).isInstanceOf(XmlSignatureException.class);
        }
    }

    private static byte[] signed(Form form) {
        return ElmoSamples.signed(ElmoSamples.unsigned(), PEER, form);
    }

    private static byte[] replaced(byte[] document, String from, String to) {
        String text = new String(document, StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(ThrowingCallable verification, Reason reason) {
        assertThatThrownBy(verification)
                .isInstanceOfSatisfying(
                        SignatureRefused.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    private static void verify(byte[] document) throws Throwable {
        verify(document, PEER.getPublic());
    }

    private static void verify(byte[] document, PublicKey trusted) throws Throwable {
        try (SigningRoutes routes = new SigningRoutes(TestKeys.signingKey(PEER), TestKeys.CLOCK, trusted)) {
            assertThat(routes.verify(document)).isSameAs(document);
        }
    }
}
