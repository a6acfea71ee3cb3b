package org.emrexhub.signature;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Collections;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.Init;
import org.apache.xml.security.c14n.Canonicalizer;
import org.w3c.dom.Document;

/** Documents about invented people, and signatures as others, also those with bad intent, would make them. */
final class ElmoSamples {

    static final String NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1";

    /** A diploma supplement's own signature, by a key that nobody here knows and with algorithms that the hub refuses. */
    static final String SUPPLEMENT = """
            <diplomaSupplement xml:lang="en">
              <version>2018</version><issueDate>2025-06-01</issueDate><introduction/>
              <section number="1"><title>Holder</title><content>Malla Mallikas</content></section>
              <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
                <ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
                <ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/>
                <ds:Reference URI="#supplement"><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>
                <ds:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</ds:DigestValue></ds:Reference></ds:SignedInfo>
                <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>
            </diplomaSupplement>
            """;

    private ElmoSamples() {}

    static byte[] unsigned() {
        return document("");
    }

    /** A document whose degree has a diploma supplement. */
    static byte[] withSupplement() {
        return document(SUPPLEMENT);
    }

    private static byte[] document(String supplement) {
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <elmo xmlns="%s">
              <generatedDate>2026-03-01T12:00:00Z</generatedDate>
              <learner>
                <citizenship>FI</citizenship>
                <identifier type="nationalIdentifier">010190-999X</identifier>
                <identifier type="nationalLearnerId">1.2.246.562.24.99999999901</identifier>
                <givenNames>Malla Ülle</givenNames>
                <familyName>Mallikas</familyName>
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
                  <title xml:lang="en">Sines &amp; cosines &lt;advanced&gt;</title>
                  <type>Course</type>
                  <specifies>
                    <learningOpportunityInstance>
                      <date>2025-05-31</date>
                      <status>passed</status>
                      <resultLabel>5</resultLabel>
                      <credit><scheme>ects</scheme><level>Bachelor</level><value>5.0</value></credit>
                      <languageOfInstruction>en</languageOfInstruction>
                      %s
                    </learningOpportunityInstance>
                  </specifies>
                </learningOpportunitySpecification>
                <issueDate>2026-03-01T12:00:00Z</issueDate>
              </report>
              <attachment>
                <title xml:lang="en">EMREX transcript</title>
                <type>EMREX transcript</type>
                <content xml:lang="en">data:application/pdf;base64,SW52ZW50ZWQ=</content>
              </attachment>
            </elmo>
            """.formatted(NAMESPACE, supplement).getBytes(StandardCharsets.UTF_8);
    }

    static Document parse(byte[] document) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(document));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(Document document) {
        Init.init();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Canonicalizer.getInstance(Canonicalizer.ALGO_ID_C14N_WITH_COMMENTS).canonicalizeSubtree(document, bytes);
            return bytes.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A signature's properties, which a test changes one at a time. */
    record Form(
            String signing,
            String digesting,
            String canonicalizing,
            String uri,
            List<String> transforms,
            int references) {

        /** What the hub writes. */
        static final Form GOOD = new Form(
                SignatureMethod.RSA_SHA256,
                DigestMethod.SHA256,
                CanonicalizationMethod.INCLUSIVE,
                "",
                List.of(Transform.ENVELOPED),
                1);

        Form signing(String other) {
            return new Form(other, digesting, canonicalizing, uri, transforms, references);
        }

        Form digesting(String other) {
            return new Form(signing, other, canonicalizing, uri, transforms, references);
        }

        Form canonicalizing(String other) {
            return new Form(signing, digesting, other, uri, transforms, references);
        }

        Form uri(String other) {
            return new Form(signing, digesting, canonicalizing, other, transforms, references);
        }

        Form transforms(List<String> other) {
            return new Form(signing, digesting, canonicalizing, uri, other, references);
        }

        Form references(int other) {
            return new Form(signing, digesting, canonicalizing, uri, transforms, other);
        }
    }

    /** Signs with the JDK's own implementation, which is not the one that the hub verifies with. */
    static byte[] signed(byte[] document, KeyPair pair, Form form) {
        Document dom = parse(document);
        dom.getDocumentElement().setAttribute("id", "all");
        dom.getDocumentElement().setIdAttribute("id", true);
        try {
            XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM", "XMLDSig");
            List<Transform> transforms = form.transforms().stream()
                    .map(uri -> transform(factory, uri))
                    .toList();
            Reference reference = factory.newReference(
                    form.uri(), factory.newDigestMethod(form.digesting(), null), transforms, null, null);
            KeyInfoFactory keyInfos = factory.getKeyInfoFactory();
            KeyInfo keyInfo = keyInfos.newKeyInfo(List.of(keyInfos.newX509Data(List.of(TestKeys.certificate(pair)))));
            factory.newXMLSignature(
                            factory.newSignedInfo(
                                    factory.newCanonicalizationMethod(
                                            form.canonicalizing(), (C14NMethodParameterSpec) null),
                                    factory.newSignatureMethod(form.signing(), null),
                                    Collections.nCopies(form.references(), reference)),
                            keyInfo)
                    .sign(new DOMSignContext(pair.getPrivate(), dom.getDocumentElement()));
            return bytes(dom);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Transform transform(XMLSignatureFactory factory, String uri) {
        try {
            return factory.newTransform(uri, (TransformParameterSpec) null);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
