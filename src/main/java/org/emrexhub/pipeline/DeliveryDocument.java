package org.emrexhub.pipeline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.XMLEvent;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;

/** The {@code hub:delivery} that a target's mapping turns into its payload: person, decision, items, document. */
final class DeliveryDocument {

    private static final XMLEventFactory EVENTS = XmlFactories.streamEvents();

    private DeliveryDocument() {}

    static byte[] write(
            Delivery delivery,
            @Nullable String person,
            String today,
            List<Item> batch,
            Function<String, String> targetId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(delivery.elmo().length + 4096);
        try {
            XMLEventWriter writer = XmlFactories.streamWriters().createXMLEventWriter(out, "UTF-8");
            writer.add(EVENTS.createStartDocument("UTF-8", "1.0"));
            start(writer, "delivery");
            writer.add(EVENTS.createNamespace("hub", RegisterMapping.NAMESPACE));
            attribute(writer, "sis", delivery.sis());
            attribute(writer, "transfer", delivery.transferId().toString());
            attribute(writer, "today", today);
            if (person != null) {
                start(writer, "person");
                writer.add(EVENTS.createCharacters(person));
                end(writer, "person");
            }
            Optional<NewTransfer.Decision> decision = delivery.decision();
            if (decision.isPresent()) {
                start(writer, "decision");
                attribute(writer, "personId", decision.get().personId());
                attribute(writer, "name", decision.get().name());
                attribute(writer, "title", decision.get().title());
                attribute(writer, "decidedAt", decision.get().decidedAt().toString());
                end(writer, "decision");
            }
            for (Item item : batch) {
                start(writer, "item");
                attribute(writer, "ref", item.ref());
                attribute(writer, "creditKey", item.creditKey());
                attribute(writer, "targetId", targetId.apply(item.creditKey()));
                attribute(writer, "loi", Integer.toString(item.position()));
                attribute(
                        writer,
                        "supersedes",
                        item.supersedesOther().map(targetId).orElse(null));
                end(writer, "item");
            }
            XMLEventReader elmo =
                    XmlFactories.streamReaders().createXMLEventReader(new ByteArrayInputStream(delivery.elmo()));
            while (elmo.hasNext()) {
                XMLEvent event = elmo.nextEvent();
                if (!event.isStartDocument() && !event.isEndDocument()) {
                    writer.add(event);
                }
            }
            end(writer, "delivery");
            writer.close();
            return out.toByteArray();
        } catch (XMLStreamException e) {
            // The parser's message may quote the document.
            throw new IllegalStateException("The signed document can't be read back.");
        }
    }

    private static void start(XMLEventWriter writer, String name) throws XMLStreamException {
        writer.add(EVENTS.createStartElement("hub", RegisterMapping.NAMESPACE, name));
    }

    private static void end(XMLEventWriter writer, String name) throws XMLStreamException {
        writer.add(EVENTS.createEndElement("hub", RegisterMapping.NAMESPACE, name));
    }

    private static void attribute(XMLEventWriter writer, String name, @Nullable String value)
            throws XMLStreamException {
        if (value != null) {
            writer.add(EVENTS.createAttribute(name, value));
        }
    }
}
