package org.emrexhub.transcript;

import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import java.util.concurrent.Semaphore;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.w3c.dom.Document;

/** Prints a page as PDF: fonts embedded as subsets, nothing fetched from anywhere, equal bytes for an equal page. */
final class TranscriptPdf {

    private static final String FAMILY = "DejaVu Sans";
    private static final String FONTS = "/net/sf/jasperreports/fonts/dejavu/";

    static {
        // It writes a line for every document to java.util.logging.
        XRLog.setLoggingEnabled(false);
    }

    private final byte[] regular = resource(FONTS + "DejaVuSans.ttf");
    private final byte[] bold = resource(FONTS + "DejaVuSans-Bold.ttf");

    /** A page takes some twenty megabytes while it is printed, and more at a time than there are processors is not faster. */
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors());

    byte[] print(Document page, Instant generatedAt) {
        turns.acquireUninterruptibly();
        try {
            return printNow(page, generatedAt);
        } finally {
            turns.release();
        }
    }

    private byte[] printNow(Document page, Instant generatedAt) {
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.useFastMode();
        builder.useFont(font(regular), FAMILY, 400, FontStyle.NORMAL, true);
        builder.useFont(font(bold), FAMILY, 700, FontStyle.NORMAL, true);
        builder.useUriResolver((base, uri) -> null);
        builder.withProducer("EMREX hub");
        builder.withW3cDocument(page, null);
        builder.usePDDocument(new Dated(generatedAt));
        try (PdfBoxRenderer renderer = builder.buildPdfRenderer();
                PDDocument pdf = renderer.createPDFKeepOpen();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            pdf.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FSSupplier<InputStream> font(byte[] file) {
        return () -> new ByteArrayInputStream(file);
    }

    static String styles() {
        return new String(resource("transcript.css"), StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream resource = TranscriptPdf.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("The hub's jar lacks " + name);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PDF that bears the document's date where it would bear that of printing: in its information and id. */
    private static final class Dated extends PDDocument {

        private final Instant date;

        Dated(Instant date) {
            this.date = date;
            setDocumentId(date.toEpochMilli());
        }

        @Override
        public void setDocumentInformation(PDDocumentInformation information) {
            information.setCreationDate(GregorianCalendar.from(ZonedDateTime.ofInstant(date, ZoneOffset.UTC)));
            information.setModificationDate(information.getCreationDate());
            super.setDocumentInformation(information);
        }
    }
}
