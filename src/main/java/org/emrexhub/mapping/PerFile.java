package org.emrexhub.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

    private final Map<Path, Known<T>> known = new ConcurrentHashMap<>();

    T get(Path file, Maker<T> maker) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Known<T> before = known.get(file);
        if (before != null && before.size() == now.size() && before.changed().equals(now.lastModifiedTime())) {
            return before.value();
        }
        T value = maker.make(file);
        known.put(file, new Known<>(now.size(), now.lastModifiedTime(), value));
        return value;
    }
}
