package org.emrexhub.pipeline.files;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file beside a dropped file that tells its owner what is wrong where, and what to do: {@code x.csv.errors.csv}. It
 * goes when nothing is wrong any more, and holds no cell of the file.
 */
final class ErrorsFile {

    static final String SUFFIX = ".errors.csv";

    private static final Logger log = LoggerFactory.getLogger(ErrorsFile.class);

    private ErrorsFile() {}

    static void write(DroppedFile file, boolean whole, List<Fault> faults, char delimiter) {
        Path errors = file.path().resolveSibling(file.name() + SUFFIX);
        try {
            if (whole && faults.isEmpty()) {
                Files.deleteIfExists(errors);
                return;
            }
            String text = text(whole, faults, delimiter);
            if (Files.exists(errors) && Files.readString(errors).equals(text)) {
                return;
            }
            // Renamed when whole: the owner may read at any time.
            Path part = Files.createTempFile(file.path().toAbsolutePath().getParent(), ".errors-", ".part");
            Files.writeString(part, text);
            Files.move(part, errors, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException readOnly) {
            // The transfer says the same about its own rows; the name of the file may be a learner's number.
            log.warn("An .errors.csv can't be written beside a dropped file; give the hub the right to write there");
        }
    }

    private static String text(boolean whole, List<Fault> faults, char delimiter) throws IOException {
        StringWriter text = new StringWriter();
        CSVFormat format = CSVFormat.RFC4180.builder().setDelimiter(delimiter).get();
        try (CSVPrinter out = new CSVPrinter(text, format)) {
            out.printRecord("line", "column", "fault", "what to do");
            if (!whole) {
                out.printRecord(0, "", "does not fit its SHA-256 side file", "drop both anew");
            }
            for (Fault fault : faults) {
                out.printRecord(fault.line(), fault.column(), fault.fault(), fault.remedy());
            }
        }
        return text.toString();
    }
}
