package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files of a home that the jar shipped and somebody changed. Who runs another spine than the one that was tested
 * must have wanted it; folders of new systems are free.
 */
public final class HomeChanges {

    /** The setting that permits changes: patterns of files. */
    public static final String PERMITTED = "emrexhub.permitted-changes";

    private static final int MOST = 20;

    private HomeChanges() {}

    /**
     * One sentence for each changed file that no pattern permits.
     *
     * @param permitted patterns such as {@code mappings/**}{@code /code-tables.xml}
     */
    public static List<Fault> faults(Path home, List<String> permitted) {
        List<PathMatcher> matchers = permitted.stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern.strip()))
                .toList();
        List<Fault> faults = new ArrayList<>();
        int more = 0;
        for (Map.Entry<String, byte[]> shipped : HubHome.jarCopy().entrySet()) {
            Path name = Path.of(shipped.getKey());
            Path file = home.resolve(name);
            if (matters(shipped.getKey())
                    && matchers.stream().noneMatch(matcher -> matcher.matches(name))
                    && isChanged(file, shipped.getValue())) {
                if (faults.size() < MOST) {
                    faults.add(Fault.in(
                            file,
                            "was changed, the jar ships another; put that back, or permit the change by " + PERMITTED
                                    + "=" + shipped.getKey() + "."));
                } else {
                    more++;
                }
            }
        }
        if (more > 0) {
            faults.add(Fault.of(more + " more files of the home were changed."));
        }
        return faults;
    }

    /** What neither moves nor maps a record may differ. */
    private static boolean matters(String name) {
        return !name.endsWith(".md")
                && !name.endsWith("/unmapped.yaml")
                && !name.contains("/samples/")
                && !name.contains("/simulator");
    }

    private static boolean isChanged(Path file, byte[] shipped) {
        if (!Files.isRegularFile(file)) {
            // A system that is not used may be taken out; what is needed and missing is told elsewhere.
            return false;
        }
        try {
            return !text(Files.readAllBytes(file)).equals(text(shipped));
        } catch (IOException unreadable) {
            return true;
        }
    }

    /** The content without the ends of lines, which version control may change. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }
}
