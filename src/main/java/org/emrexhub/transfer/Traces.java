package org.emrexhub.transfer;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What gives a learner away in a text from outside: the identifier and the birth date however they are punctuated, the id
 * at the target, the names.
 */
final class Traces {

    /** Shorter values are too common to tell anything about anybody. */
    private static final int TELLING = 3;

    /** Shorter values may stand in an id by chance. */
    private static final int TELLING_IN_ID = 6;

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /** What may stand between two characters that belong together, a percent-encoded sign too; never given back. */
    private static final String SIGN = "(?:%2[0-9a-f]|[^\\p{L}\\p{N}])";

    private static final String GAP = SIGN + "{0,3}+";
    private static final String SIGNS = SIGN + "{1,3}+";

    /** A delivery asks for each of its items, so a learner's patterns live as long as the learner does. */
    private static final Map<NewTransfer.Learner, Traces> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private final List<Pattern> inText;
    private final List<Pattern> inId;

    private Traces(NewTransfer.Learner learner) {
        Pattern date = date(learner.birthDate());
        this.inText = patterns(learner, date, TELLING);
        this.inId = patterns(learner, date, TELLING_IN_ID);
    }

    static Traces of(NewTransfer.Learner learner) {
        return KNOWN.computeIfAbsent(learner, Traces::new);
    }

    String hide(String text) {
        String hidden = text;
        for (Pattern pattern : inText) {
            hidden = pattern.matcher(hidden).replaceAll("…");
        }
        return hidden;
    }

    boolean isIn(String id) {
        return inId.stream().anyMatch(pattern -> pattern.matcher(id).find());
    }

    /** The identifier before the date: one may begin with the other, and what is left of it must not stay. */
    private static List<Pattern> patterns(NewTransfer.Learner learner, Pattern date, int least) {
        return Stream.of(identifier(learner.identifier().strip(), least), Optional.of(date), words(learner, least))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Pattern> identifier(String identifier, int least) {
        if (identifier.length() < least) {
            return Optional.empty();
        }
        List<String> characters = identifier
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .mapToObj(Character::toString)
                .map(Pattern::quote)
                .toList();
        String exact = Pattern.quote(identifier);
        return Optional.of(Pattern.compile(
                characters.size() < TELLING_IN_ID ? exact : exact + "|" + String.join(GAP, characters), FLAGS));
    }

    private static Optional<Pattern> words(NewTransfer.Learner learner, int least) {
        Stream<String> whole = Stream.of(
                learner.targetId() == null ? "" : learner.targetId(), learner.familyName(), learner.givenNames());
        Stream<String> pieces =
                Stream.of(learner.familyName(), learner.givenNames()).flatMap(name -> Stream.of(name.split("[\\s-]+")));
        String words = Stream.concat(whole, pieces)
                .map(String::strip)
                .filter(value -> value.length() >= least)
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return words.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(words, FLAGS));
    }

    /** A date in any order; what is shorter than eight digits only where no further digit stands beside it. */
    private static Pattern date(LocalDate date) {
        String year = String.format(Locale.ROOT, "%04d", date.getYear());
        String month = String.format(Locale.ROOT, "%02d", date.getMonthValue());
        String day = String.format(Locale.ROOT, "%02d", date.getDayOfMonth());
        String ofTwo = year.substring(year.length() - 2);
        String shortMonth = month.replaceFirst("^0", "0?");
        String shortDay = day.replaceFirst("^0", "0?");
        String whole = orders(GAP, year, month, day);
        String unpadded = orders(SIGNS, year, shortMonth, shortDay);
        String ofSix = String.join(GAP, ofTwo, month, day) + "|" + String.join(GAP, day, month, ofTwo);
        return Pattern.compile(whole + "|(?<![0-9])(?:" + unpadded + "|" + ofSix + ")(?![0-9])", FLAGS);
    }

    private static String orders(String between, String year, String month, String day) {
        return String.join(between, year, month, day)
                + "|" + String.join(between, day, month, year)
                + "|" + String.join(between, month, day, year);
    }
}
