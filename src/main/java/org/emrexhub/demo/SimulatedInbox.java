package org.emrexhub.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.elmo.XmlFactories;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/** The system behind the demo's drop folder: notes every document and accepts each of its credits. */
@Component("simulatedInbox")
@Profile("demo")
class SimulatedInbox {

    private static final String ID = "file-drop";

    private final Simulators simulators;
    private final Catalog catalog;
    private final ObjectMapper json = new ObjectMapper();

    SimulatedInbox(Simulators simulators, Catalog catalog) {
        this.simulators = simulators;
        this.catalog = catalog;
    }

    /**
     * Notes the document. The variable {@code answered} says whether it was answered already, before a restart; if not, the
     * answer is the body.
     */
    public void receive(Exchange exchange) throws JsonProcessingException {
        String transferId = exchange.getVariable("transferId", String.class);
        byte[] document = exchange.getMessage().getBody(byte[].class);
        simulators.record(ID, transferId, new String(document, StandardCharsets.UTF_8));
        Path done = Path.of(catalog.sis(ID).orElseThrow().settings().getOrDefault("folder", ""), "done");
        boolean answered = Files.exists(done.resolve(transferId + ".ack.json"));
        // A variable, since a file's message without a body takes the file for its body again.
        exchange.setVariable("answered", answered);
        if (answered) {
            return;
        }
        List<Map<String, String>> items = refs(document).stream()
                .map(ref -> Map.of("ref", ref, "status", "ACCEPTED"))
                .toList();
        exchange.getMessage().setBody(json.writeValueAsBytes(Map.of("items", items)));
    }

    /** The position of each passed learning opportunity instance that has a credit of its own. */
    private static List<String> refs(byte[] document) {
        Credits credits = new Credits();
        try {
            XMLReader reader = XmlFactories.reader();
            reader.setContentHandler(credits);
            reader.parse(new InputSource(new ByteArrayInputStream(document)));
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("The dropped document is not XML", e);
        }
        return credits.refs;
    }

    private static final class Credits extends DefaultHandler {

        private final List<String> refs = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private int position;
        private boolean passed;
        private boolean credited;

        @Override
        public void startElement(String uri, String name, String qName, Attributes attributes) {
            text.setLength(0);
            if (name.equals("learningOpportunityInstance")) {
                position++;
                passed = true;
                credited = false;
            } else if (name.equals("credit")) {
                credited = true;
            }
        }

        @Override
        public void characters(char[] characters, int start, int length) {
            text.append(characters, start, length);
        }

        @Override
        public void endElement(String uri, String name, String qName) {
            if (name.equals("status")) {
                passed = text.toString().strip().equals("passed");
            } else if (name.equals("learningOpportunityInstance") && passed && credited) {
                refs.add(Integer.toString(position));
            }
        }
    }
}
