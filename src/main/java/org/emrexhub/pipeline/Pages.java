package org.emrexhub.pipeline;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.AnswerReader;
import org.emrexhub.mapping.AnswerReader.Reading;
import org.emrexhub.mapping.MappingFolder.Format;
import org.emrexhub.pipeline.Answers.Answer;
import org.emrexhub.pipeline.http.TimeLeft;
import org.springframework.stereotype.Component;

/**
 * What {@code routes/shared/ask-pages} calls around each page: which address is next, and whether there is one. A register
 * that repeats itself, leads elsewhere or never ends is stopped with a failure code.
 */
@Component("pages")
class Pages {

    private static final String RUN = "pagesRun";
    private static final int PAGE_LIMIT = 100;
    private static final Pattern LAST_STEP = Pattern.compile("(.*[^/])/[\\w:*]+");

    private final AnswerReader reader;

    Pages(AnswerReader reader) {
        this.reader = reader;
    }

    /** Reads the question out of the variables of the calling route; after a failure there is nothing to ask. */
    public void begin(Exchange exchange) {
        if (Outside.failure(exchange).isPresent()) {
            exchange.setVariable("morePages", false);
            return;
        }
        Run run = new Run(
                Kind.valueOf(variable(exchange, "paging", "none").toUpperCase(Locale.ROOT)),
                required(exchange, "url"),
                exchange);
        exchange.setVariable(RUN, run);
        exchange.setVariable("morePages", true);
    }

    /** Sets the variable {@code url} to the address of the page that is due. */
    public void next(Exchange exchange) {
        Run run = exchange.getVariable(RUN, Run.class);
        if (TimeLeft.isUp(exchange)) {
            throw new HubFailure(FailureCode.REGISTER_TIMEOUT, "no time was left for the next question");
        }
        if (run.page >= run.limit) {
            throw new HubFailure(FailureCode.ROW_LIMIT_EXCEEDED, "the answer has more than " + run.limit + " pages");
        }
        run.page++;
        exchange.setVariable("url", run.address());
        exchange.getMessage().setBody(null);
    }

    /** Adds the page to the answers and tells by {@code morePages} whether another one is due. */
    public void keep(Exchange exchange) {
        exchange.setVariable("morePages", false);
        if (Outside.failure(exchange).isPresent()) {
            return;
        }
        Run run = exchange.getVariable(RUN, Run.class);
        Format format = format(exchange);
        String question = required(exchange, "question");
        String about = exchange.getVariable("about", String.class);
        Answers answers = Answers.of(exchange, format);
        Integer status = exchange.getVariable("httpStatus", Integer.class);
        if (status != null && status / 100 != 2) {
            if (run.page > 1) {
                throw new HubFailure(FailureCode.REGISTER_FAULT, "HTTP " + status + " amid the pages of an answer");
            }
            answers.add(new Answer(question, about, run.page, status, new byte[0]));
            return;
        }
        byte[] content = exchange.getMessage().getBody(byte[].class);
        byte[] page = content == null ? new byte[0] : content;
        Reading reading = reader.read(page, format);
        answers.add(new Answer(question, about, run.page, null, format == Format.XML ? reading.element() : page));
        exchange.setVariable("morePages", run.hasMore(reading));
    }

    /** Leaves all answers so far as body, unless something failed. */
    public void write(Exchange exchange) {
        if (Outside.failure(exchange).isEmpty()) {
            exchange.getMessage().setBody(Answers.of(exchange, format(exchange)).document());
        }
    }

    private enum Kind {
        /** There is one page. */
        NONE,
        /** Pages begin at a record: {@code start=50&limit=50}. */
        START,
        /** Pages are counted: {@code pageNumber=2&pageSize=50}. */
        NUMBER,
        /** Each page holds the address of the next. */
        LINK
    }

    /** One question, page by page. */
    private static final class Run {

        private final Kind kind;
        private final String first;
        private final String pageParameter;
        private final String sizeParameter;
        private final String pageSize;
        private final String items;
        private final String list;
        private final String next;
        private final int limit;
        private final Set<String> seen = new HashSet<>();
        private int position;
        private String link;
        private int page;

        Run(Kind kind, String url, Exchange exchange) {
            this.kind = kind;
            this.first = url;
            this.link = url;
            this.pageParameter = variable(exchange, "pageParameter", kind == Kind.START ? "start" : "pageNumber");
            this.sizeParameter = variable(exchange, "sizeParameter", kind == Kind.START ? "limit" : "pageSize");
            this.pageSize = variable(exchange, "pageSize", "");
            this.items = variable(exchange, "pageItems", "");
            this.list = Pages.format(exchange) == Format.JSON ? listOf(items) : "";
            this.next = variable(exchange, "pageNext", "");
            this.limit = Integer.parseInt(variable(exchange, "pageLimit", Integer.toString(PAGE_LIMIT)));
            this.position = Integer.parseInt(variable(exchange, "firstPage", kind == Kind.START ? "0" : "1"));
            boolean complete = switch (kind) {
                case NONE -> true;
                case START -> !items.isEmpty();
                case NUMBER -> !items.isEmpty() || !next.isEmpty();
                case LINK -> !next.isEmpty();
            };
            if (!complete) {
                throw new IllegalStateException("Pages need the variable 'pageItems' or 'pageNext'");
            }
        }

        /**
         * What the records stand in: the path without its last step. A page without it is no empty page but another
         * answer, such as an error. In XML an empty list is often left out.
         */
        private static String listOf(String items) {
            Matcher path = LAST_STEP.matcher(items);
            return path.matches() ? path.group(1) : "";
        }

        String address() {
            return switch (kind) {
                case NONE -> first;
                case START, NUMBER ->
                    with(with(first, pageParameter, Integer.toString(position)), sizeParameter, pageSize);
                case LINK -> page == 1 ? with(first, sizeParameter, pageSize) : link;
            };
        }

        /** Whether the register promises, or may have, another page. */
        boolean hasMore(Reading reading) {
            if (kind == Kind.NONE) {
                return false;
            }
            if (!list.isEmpty() && reading.count(list) == 0) {
                throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "a page has no list of records");
            }
            int count = items.isEmpty() ? -1 : reading.count(items);
            if (count != 0 && !seen.add(digest(items.isEmpty() ? reading.written("/") : reading.written(items)))) {
                throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "a page repeats an earlier one");
            }
            return switch (kind) {
                // A register may give fewer records than were asked for, so only an empty page is the last for certain.
                case START -> {
                    position += Math.max(count, 0);
                    yield count != 0;
                }
                case NUMBER -> {
                    position++;
                    yield next.isEmpty() ? count != 0 : promises(reading.text(next));
                }
                case LINK -> follow(reading.text(next));
                case NONE -> false;
            };
        }

        /** A page that does not say whether it is the last could hide the others. */
        private static boolean promises(String more) {
            return switch (more) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw new HubFailure(
                            FailureCode.ANSWER_UNREADABLE, "a page does not say whether there is another one");
            };
        }

        private boolean follow(String address) {
            if (address.isEmpty()) {
                return false;
            }
            URI here = URI.create(link);
            URI there;
            try {
                there = here.resolve(new URI(address));
            } catch (URISyntaxException e) {
                throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "the address of the next page is none");
            }
            // Credentials and identifier go where the installation said, and nowhere else.
            if (!origin(URI.create(first)).equals(origin(there))) {
                throw new HubFailure(FailureCode.REGISTER_FAULT, "the next page is said to be at another place");
            }
            link = there.toString();
            return true;
        }

        private static String origin(URI address) {
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
            return scheme + "://" + String.valueOf(address.getHost()).toLowerCase(Locale.ROOT) + ":" + port
                    + (address.getRawUserInfo() == null ? "" : "?");
        }

        private static String with(String url, String parameter, String value) {
            return value.isEmpty() ? url : url + (url.indexOf('?') < 0 ? "?" : "&") + parameter + "=" + value;
        }

        private static String digest(String text) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return Base64.getEncoder().encodeToString(hash);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }

    static Format format(Exchange exchange) {
        return Format.valueOf(variable(exchange, "format", "json").toUpperCase(Locale.ROOT));
    }

    private static String variable(Exchange exchange, String name, String otherwise) {
        String value = exchange.getVariable(name, String.class);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static String required(Exchange exchange, String name) {
        String value = exchange.getVariable(name, String.class);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("A question needs the variable '" + name + "'");
        }
        return value;
    }
}
