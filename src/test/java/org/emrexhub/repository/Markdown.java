package org.emrexhub.repository;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document of this repository. */
record Markdown(Path file, String text) {

    private static final Pattern FENCE = Pattern.compile("(?ms)^\\s*```(\\w*)\\n(.*?)^\\s*```$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

    static Markdown of(String file) {
        return of(Repository.ROOT.resolve(file));
    }

    static Markdown of(Path file) {
        return new Markdown(file, Repository.text(file));
    }

    /** What stands below a heading, up to the next one of its level or above. */
    Markdown section(String heading) {
        Matcher start =
                Pattern.compile("(?m)^(#+) " + Pattern.quote(heading) + "$").matcher(text);
        if (!start.find()) {
            throw new AssertionError(Repository.shown(file) + " has no heading '" + heading + "'");
        }
        Matcher end =
                Pattern.compile("(?m)^#{1," + start.group(1).length() + "} ").matcher(text);
        int from = start.end();
        return new Markdown(file, text.substring(from, end.find(from) ? end.start() : text.length()));
    }

    boolean has(String heading) {
        return text.lines().anyMatch(line -> line.matches("#+ " + Pattern.quote(heading)));
    }

    /** The rows of all tables, without their headings. */
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            boolean row = lines.get(i).startsWith("|");
            boolean heading = i + 1 < lines.size() && lines.get(i + 1).matches("\\|[-|: ]+\\|");
            if (row && !heading && !lines.get(i).matches("\\|[-|: ]+\\|")) {
                // A bar in a cell is written as \|.
                String cells = lines.get(i).replaceFirst("^\\|", "").replaceFirst("\\|$", "");
                rows.add(List.of(cells.split("(?<!\\\\)\\|")).stream()
                        .map(String::strip)
                        .toList());
            }
        }
        return rows;
    }

    /** The lines of the first block of commands. */
    List<String> commands() {
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            if (fence.group(1).equals("sh")) {
                return fence.group(2).lines().toList();
            }
        }
        return List.of();
    }

    /** Where its links into this repository lead. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        Matcher link = LINK.matcher(FENCE.matcher(text).replaceAll(""));
        while (link.find()) {
            if (!link.group(1).matches("[a-z]+:.*")) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    /** The names by which its headings are linked. */
    List<String> anchors() {
        return FENCE.matcher(text)
                .replaceAll("")
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** A cell's text in code font, if it begins with one. */
    static Optional<String> code(String cell) {
        Matcher code = Pattern.compile("^\\[?`([^`]+)`").matcher(cell);
        return code.find() ? Optional.of(code.group(1)) : Optional.empty();
    }
}
