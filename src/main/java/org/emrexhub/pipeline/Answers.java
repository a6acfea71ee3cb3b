package org.emrexhub.pipeline;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingFolder.Format;
import org.emrexhub.mapping.RegisterMapping;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a register that is asked several times, in the order in which they came, nothing dropped: together they
 * are the one document that a pull leaves.
 */
final class Answers {

    /** All answers together: the same limit as for one answer, since both end up in memory. */
    static final int LIMIT = 32 * 1024 * 1024;

    private static final String VARIABLE = "answersOfPull";
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Format format;
    private final List<Answer> answers = new ArrayList<>();
    private int length;

    private Answers(Format format) {
        this.format = format;
    }

    /**
     * One answer.
     *
     * @param question the name that the register's route gave the question
     * @param about what the question was about, for instance a course's id
     * @param page from 1
     * @param status of HTTP if it was none of success; the answer's content is then left out
     */
    record Answer(
            String question,
            @Nullable String about,
            int page,
            @Nullable Integer status,
            byte[] content) {}

    /** Those of this exchange so far. */
    static Answers of(Exchange exchange, Format format) {
        Answers answers = exchange.getVariable(VARIABLE, Answers.class);
        if (answers == null) {
            answers = new Answers(format);
            exchange.setVariable(VARIABLE, answers);
        }
        if (answers.format != format) {
            throw new IllegalStateException("The answers of one pull must all be " + answers.format);
        }
        return answers;
    }

    void add(Answer answer) {
        length += answer.content().length;
        if (length > LIMIT) {
            throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "all answers together are longer than 32 MB");
        }
        answers.add(answer);
    }

    boolean isEmpty() {
        return answers.isEmpty();
    }

    /** All of them as one document. */
    byte[] document() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 1024);
        switch (format) {
            case JSON -> writeJson(out);
            case XML -> writeXml(out);
        }
        return out.toByteArray();
    }

    private void writeJson(ByteArrayOutputStream out) {
        write(out, "{\"answers\":[");
        String separator = "\n";
        for (Answer answer : answers) {
            write(out, separator + "{\"question\":" + quoted(answer.question()));
            if (answer.about() != null) {
                write(out, ",\"about\":" + quoted(answer.about()));
            }
            write(out, ",\"page\":" + answer.page());
            if (answer.status() == null) {
                write(out, ",\"answer\":");
                out.writeBytes(withoutMark(answer.content()));
            } else {
                write(out, ",\"status\":" + answer.status());
            }
            write(out, "}");
            separator = ",\n";
        }
        write(out, "\n]}\n");
    }

    private void writeXml(ByteArrayOutputStream out) {
        write(out, "<hub:answers xmlns:hub=\"" + RegisterMapping.NAMESPACE + "\">");
        for (Answer answer : answers) {
            write(out, "\n<hub:answer question=\"" + escaped(answer.question()) + "\"");
            if (answer.about() != null) {
                write(out, " about=\"" + escaped(answer.about()) + "\"");
            }
            write(out, " page=\"" + answer.page() + "\"");
            if (answer.status() != null) {
                write(out, " status=\"" + answer.status() + "\"");
            }
            write(out, ">");
            out.writeBytes(answer.content());
            write(out, "</hub:answer>");
        }
        write(out, "\n</hub:answers>\n");
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    /** A byte order mark may begin a text, but not stand inside one. */
    private static byte[] withoutMark(byte[] json) {
        boolean marked = json.length >= BOM.length && json[0] == BOM[0] && json[1] == BOM[1] && json[2] == BOM[2];
        return marked ? Arrays.copyOfRange(json, BOM.length, json.length) : json;
    }
}
