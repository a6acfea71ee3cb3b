package org.emrexhub.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Stylesheets;
import org.springframework.util.FileSystemUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Finds every code of a document that no table has. A mapping stops at the first; here a copy of its folder gets the
 * row that is lacking, so that the next one shows.
 */
final class MissingRows {

    private static final int MOST = 200;
    private static final Pattern UNKNOWN =
            Pattern.compile("(?:mappings/[^']*: )?table '([^']+)' has no row for code '(.*)'", Pattern.DOTALL);

    private MissingRows() {}

    /** A code without a row. */
    record Row(String table, String code) {

        /** What a failure names, if it is about one. */
        static Optional<Row> of(HubFailure failure) {
            Matcher matcher = UNKNOWN.matcher(String.valueOf(failure.detail()));
            return failure.code() == FailureCode.UNKNOWN_CODE && matcher.matches()
                    ? Optional.of(new Row(matcher.group(1), matcher.group(2)))
                    : Optional.empty();
        }
    }

    static List<Row> of(Bench bench, byte[] document, Map<String, String> own) {
        Set<Row> found = new LinkedHashSet<>();
        Path copy = null;
        try {
            copy = Files.createTempDirectory("emrex-hub-kit");
            Path mapping = copy(bench.home(), bench.register().mapping(), copy);
            copy(bench.home(), bench.register().routes(), copy);
            copy(bench.home(), bench.home().resolve("mappings/elmo"), copy);
            MappingFolder folder = bench.folder(mapping);
            RegisterMapping trial = new RegisterMapping(new Stylesheets(copy));
            Path tables = mapping.resolve("code-tables.xml");
            Optional<Row> row = Optional.of(new Row("", ""));
            while (row.isPresent() && found.size() < MOST) {
                row = missing(trial, folder, document, bench.parameters(own));
                if (row.isPresent() && (!found.add(row.get()) || !add(row.get(), tables))) {
                    break;
                }
            }
            return new ArrayList<>(found);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } finally {
            FileSystemUtils.deleteRecursively(copy == null ? null : copy.toFile());
        }
    }

    private static Optional<Row> missing(
            RegisterMapping trial, MappingFolder folder, byte[] document, Map<String, String> parameters) {
        try {
            trial.map(folder, document, parameters);
            return Optional.empty();
        } catch (HubFailure failure) {
            return Row.of(failure);
        }
    }

    /** Adds a row like its neighbours, rather like one that maps than like one that skips. */
    private static boolean add(Row row, Path file) throws IOException {
        Document tables = Dom.parse(Files.readAllBytes(file));
        Optional<Element> table = Dom.children(tables.getDocumentElement()).stream()
                .filter(each -> each.getAttribute("name").equals(row.table()))
                .findFirst();
        if (table.isEmpty()) {
            return false;
        }
        List<Element> rows = Dom.children(table.get());
        Element like = rows.stream()
                .filter(each -> !each.hasAttribute("skip"))
                .findFirst()
                .or(() -> rows.stream().findFirst())
                .orElseGet(() -> tables.createElement("row"));
        Element added = (Element) like.cloneNode(true);
        added.setAttribute("code", row.code());
        table.get().appendChild(added);
        Files.write(file, Dom.write(tables));
        return true;
    }

    private static Path copy(Path home, Path folder, Path to) throws IOException {
        Path target = to.resolve(home.toAbsolutePath()
                .normalize()
                .relativize(folder.toAbsolutePath().normalize())
                .toString());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !folder.relativize(file).startsWith("samples"))
                    .toList()) {
                Path copied = target.resolve(folder.relativize(file).toString());
                Files.createDirectories(copied.resolveSibling("").normalize());
                Files.copy(file, copied);
            }
        }
        return target;
    }
}
