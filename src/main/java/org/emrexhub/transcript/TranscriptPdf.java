package org.emrexhub.transcript;

import com.openhtmltopdf.bidi.support.ICUBidiReorderer;
import com.openhtmltopdf.bidi.support.ICUBidiSplitter;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.TextDirection;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Bidi;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.w3c.dom.Document;

/** Prints a page as PDF: fonts embedded as subsets, nothing fetched from anywhere, equal bytes for an equal page. */
final class TranscriptPdf {

    private static final String FAMILY = "DejaVu Sans";
    private static final String FONTS = "/net/sf/jasperreports/fonts/dejavu/";

    static {
        // It writes a line for every document to java.util.logging.
        XRLog.setLoggingEnabled(false);
    }

    /** A page takes some ten megabytes while it is printed, and more at a time than there are processors is not faster. */
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** Fonts that no page uses now: to read them takes as long as to print, and two pages may not use them at once. */
    private final Queue<Fonts> free = new ConcurrentLinkedQueue<>();

    private record Fonts(TrueTypeFont regular, TrueTypeFont bold) {}

    byte[] print(Document page, Instant generatedAt) {
        turns.acquireUninterruptibly();
        try {
            Fonts known = free.poll();
            Fonts fonts = known != null ? known : new Fonts(font("DejaVuSans.ttf"), font("DejaVuSans-Bold.ttf"));
            byte[] pdf = print(page, generatedAt, fonts);
            free.add(fonts);
            return pdf;
        } finally {
            turns.release();
        }
    }

    private static byte[] print(Document page, Instant generatedAt, Fonts fonts) {
        try (PDDocument document = new Dated(generatedAt)) {
            String text = page.getDocumentElement().getTextContent();
            if (!canShow(text, fonts.regular().getUnicodeCmapLookup())) {
                TranscriptPage.tellOfLetters(page);
            }
            PdfRendererBuilder builder = new PdfRendererBuilder();
            if (Bidi.requiresBidi(text.toCharArray(), 0, text.length())) {
                builder.useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory());
                builder.useUnicodeBidiReorderer(new ICUBidiReorderer());
                builder.defaultTextDirection(TextDirection.LTR);
            }
            builder.useFastMode();
            builder.useFont(embedded(document, fonts.regular()), FAMILY, 400, FontStyle.NORMAL, true);
            builder.useFont(embedded(document, fonts.bold()), FAMILY, 700, FontStyle.NORMAL, true);
            builder.useUriResolver((base, uri) -> null);
            builder.withProducer("EMREX hub");
            builder.withW3cDocument(page, null);
            builder.usePDDocument(document);
            try (PdfBoxRenderer renderer = builder.buildPdfRenderer();
                    PDDocument pdf = renderer.createPDFKeepOpen();
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
                pdf.save(bytes);
                return bytes.toByteArray();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is a glyph for every character that is to be seen. */
    private static boolean canShow(String text, CmapLookup glyphs) {
        return text.codePoints()
                .filter(it -> !Character.isWhitespace(it) && !Character.isIdentifierIgnorable(it))
                .allMatch(it -> glyphs.getGlyphId(it) != 0);
    }

    private static PDFontSupplier embedded(PDDocument document, TrueTypeFont font) throws IOException {
        return new PDFontSupplier(PDType0Font.load(document, font, true));
    }

    private static TrueTypeFont font(String name) {
        try {
            TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(resource(FONTS + name)));
            // Lines are measured letter by letter, so ligatures would leave gaps.
            font.setEnableGsub(false);
            return font;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
