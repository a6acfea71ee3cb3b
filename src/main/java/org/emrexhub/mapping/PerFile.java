package org.emrexhub.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was made of a file, made anew when the file changes: code tables are read for every transfer, and parsing them
 * each time costs more than the mapping.
 */
final class PerFile<T> {

    /** Makes the value of a file. */
    interface Maker<T> {
        T make(Path file) throws IOException;
    }

    private record Known<T>(long size, FileTime changed, T value) {}

    private static final Logger log = LoggerFactory.getLogger(PerFile.class);

    private final Map<Path, Known<T>> known = new ConcurrentHashMap<>();
    private final boolean keepsLast;

    /** What was made of files; {@code keepsLast}: a file that became unreadable is told of, and what it was before counts. */
    PerFile(boolean keepsLast) {
        this.keepsLast = keepsLast;
    }

    T get(Path file, Maker<T> maker) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Known<T> before = known.get(file);
        if (before != null && before.size() == now.size() && before.changed().equals(now.lastModifiedTime())) {
            return before.value();
        }
        T value;
        try {
            value = maker.make(file);
        } catch (IOException broken) {
            if (!keepsLast || before == null) {
                throw broken;
            }
            log.warn("{}: {}; what it was before goes on", file, broken.getMessage());
            value = before.value();
        }
        known.put(file, new Known<>(now.size(), now.lastModifiedTime(), value));
        return value;
    }
}
