package org.emrexhub.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.emrexhub.elmo.XmlFactories;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The tables of a mapping folder. Stylesheets read the rows themselves; here they are checked, and the texts of skip
 * and finding rules are looked up for the report.
 */
final class CodeTables {

    static final String FILE = "code-tables.xml";

    private final Map<String, Map<String, String>> texts = new HashMap<>();
    private final List<StylesheetFault> faults = new ArrayList<>();

    private CodeTables() {}

    /** Reads a file of tables; what is wrong with it stands in {@link #faults()}. */
    static CodeTables read(Path file) {
        CodeTables tables = new CodeTables();
        XMLReader reader = XmlFactories.reader();
        Rows rows = tables.new Rows(file);
        reader.setContentHandler(rows);
        reader.setErrorHandler(rows);
        try (InputStream bytes = Files.newInputStream(file)) {
            reader.parse(new InputSource(bytes));
        } catch (SAXParseException e) {
            tables.faults.add(new StylesheetFault(file, e.getLineNumber(), "not well-formed: " + e.getMessage()));
        } catch (SAXException | IOException e) {
            tables.faults.add(new StylesheetFault(file, 0, "can't be read: " + e.getMessage()));
        }
        return tables;
    }

    List<StylesheetFault> faults() {
        return List.copyOf(faults);
    }

    /** The text of a rule for people; {@code null} if the table has no row for it. */
    @Nullable
    String text(String table, String rule) {
        return texts.getOrDefault(table, Map.of()).get(rule);
    }

    private final class Rows extends DefaultHandler {

        private final Path file;
        private int depth;
        private @Nullable Locator locator;
        private Map<String, String> table = new HashMap<>();

        Rows(Path file) {
            this.file = file;
        }

        @Override
        public void setDocumentLocator(Locator locator) {
            this.locator = locator;
        }

        @Override
        public void startElement(String uri, String name, String qName, Attributes attributes) {
            depth++;
            switch (depth) {
                case 1 -> expect("code-tables", qName);
                case 2 -> {
                    expect("table", qName);
                    table = new HashMap<>();
                    String tableName = attributes.getValue("name");
                    if (tableName == null) {
                        fault("a table without a name");
                    } else if (texts.put(tableName, table) != null) {
                        fault("table '" + tableName + "' stands here twice");
                    }
                }
                case 3 -> {
                    expect("row", qName);
                    String code = attributes.getValue("code");
                    String text = attributes.getValue("text");
                    if (code == null) {
                        fault("a row without a code");
                    } else if (table.put(code, text == null ? "" : text) != null) {
                        fault("code '" + code + "' has two rows");
                    }
                }
                default -> fault("<" + qName + "> inside a row; a row has attributes only");
            }
        }

        @Override
        public void endElement(String uri, String name, String qName) {
            depth--;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        private void expect(String expected, String found) {
            if (!expected.equals(found)) {
                fault("<" + found + "> where <" + expected + "> is expected");
            }
        }

        private void fault(String text) {
            faults.add(new StylesheetFault(file, locator == null ? 0 : locator.getLineNumber(), text));
        }
    }
}
