package org.emrexhub.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.springframework.core.env.Environment;

/**
 * The folder {@code emrexhub.data} that holds all that the hub writes, claimed for one hub. Without the claim a second
 * hub would wait for the broker's journal for ever and say nothing.
 */
final class DataFolder implements AutoCloseable {

    private static final String LOCK = "hub.lock";

    private final FileChannel channel;

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    /** The configured folder, absolute; not yet claimed and perhaps not there. */
    static Path path(Environment environment) {
        return Path.of(environment.getProperty("emrexhub.data", "./data"))
                .toAbsolutePath()
                .normalize();
    }

    /** Makes the folder if need be and claims it until the hub ends. */
    static DataFolder claim(Path path) {
        FileChannel channel;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException unwritable) {
            throw unwritable(path);
        }
        if (!lock(channel)) {
            throw new HomeFaults(List.of(inUse(path)));
        }
        return new DataFolder(channel);
    }

    /** Makes the folder if need be and refuses one that can't be written; claims nothing. */
    static void requireWritable(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException refused) {
            throw unwritable(path);
        }
        if (!Files.isWritable(path)) {
            throw unwritable(path);
        }
    }

    private static HomeFaults unwritable(Path path) {
        return new HomeFaults(List.of(Fault.of("The data folder " + path
                + " can't be written; give the hub the right to, or set emrexhub.data to another folder.")));
    }

    private static boolean lock(FileChannel channel) {
        try {
            if (channel.tryLock() != null) {
                return true;
            }
            channel.close();
            return false;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        } catch (IOException noLocks) {
            // Some network file systems have no locks; the database and the journal still guard themselves there.
            return true;
        }
    }

    static Fault inUse(Path path) {
        return Fault.of("The data folder " + path
                + " is in use by another hub; stop that one, or set emrexhub.data to another folder.");
    }

    /** Gives the folder free. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException late) {
            throw new UncheckedIOException("The data folder's lock can't be given free", late);
        }
    }
}
