package org.emrexhub.pipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.camel.Exchange;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingFolder.Format;
import org.springframework.stereotype.Component;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What {@code routes/shared/ask-each} calls: the questions that follow from the answers so far, by a stylesheet of the
 * register, one after the other.
 */
@Component("questions")
class Questions {

    private static final String LEFT = "questionsLeft";
    private static final int LIMIT = 500;

    private final Transform transform;

    Questions(Transform transform) {
        this.transform = transform;
    }

    /**
     * Lists the questions: the stylesheet that the variable {@code questions} names gets all answers so far, JSON in its XML
     * form, and writes {@code <questions><question name="…" url="…" about="…"/></questions>}.
     */
    public void list(Exchange exchange) {
        Deque<Question> left = new ArrayDeque<>();
        if (Outside.failure(exchange).isEmpty()) {
            NodeList elements = elements(written(exchange));
            for (int i = 0; i < elements.getLength(); i++) {
                Element element = (Element) elements.item(i);
                left.add(new Question(
                        element.getAttribute("name"), element.getAttribute("url"), element.getAttribute("about")));
            }
            String limit = exchange.getVariable("questionLimit", String.class);
            int most = limit == null || limit.isEmpty() ? LIMIT : Integer.parseInt(limit);
            if (left.size() > most) {
                throw new HubFailure(
                        FailureCode.ROW_LIMIT_EXCEEDED, "more than " + most + " questions follow from the answers");
            }
        }
        exchange.setVariable(LEFT, left);
        exchange.setVariable("moreQuestions", !left.isEmpty());
    }

    private byte[] written(Exchange exchange) {
        String stylesheet = exchange.getVariable("questions", String.class);
        Answers answers = Answers.of(exchange, Pages.format(exchange));
        if (answers.isEmpty()) {
            exchange.getMessage().setBody(null);
            transform.apply(stylesheet, exchange);
        } else {
            exchange.getMessage().setBody(answers.document());
            if (Pages.format(exchange) == Format.JSON) {
                transform.applyToJson(stylesheet, exchange);
            } else {
                transform.apply(stylesheet, exchange);
            }
        }
        return exchange.getMessage().getBody(byte[].class);
    }

    /** Sets {@code question}, {@code url} and {@code about} for the next one. */
    public void next(Exchange exchange) {
        Question question = left(exchange).remove();
        exchange.setVariable("question", question.name());
        exchange.setVariable("url", question.url());
        if (question.about().isEmpty()) {
            exchange.removeVariable("about");
        } else {
            exchange.setVariable("about", question.about());
        }
    }

    /** Tells by {@code moreQuestions} whether another one is due: none after a failure. */
    public void judge(Exchange exchange) {
        boolean done = left(exchange).isEmpty() || Outside.failure(exchange).isPresent();
        exchange.setVariable("moreQuestions", !done);
        if (done) {
            exchange.removeVariable("about");
        }
    }

    @SuppressWarnings("unchecked")
    private static Deque<Question> left(Exchange exchange) {
        return exchange.getVariable(LEFT, Deque.class);
    }

    private static NodeList elements(byte[] list) {
        try {
            return XmlFactories.documentBuilder()
                    .parse(new ByteArrayInputStream(list))
                    .getElementsByTagName("question");
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("The list of questions is not XML");
        }
    }

    private record Question(String name, String url, String about) {}
}
