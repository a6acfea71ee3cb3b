package org.emrexhub.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** Parsers of documents from outside. */
@ExtendWith(OutputCaptureExtension.class)
class XmlFactoriesTests {

    private static InputStream broken() {
        return new ByteArrayInputStream("<learner><Zq7Merkki></learner>".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void throwsWhatIsBrokenAndWritesNothingOfItToTheConsole(CapturedOutput output) {
        assertThatThrownBy(() -> XmlFactories.reader().parse(new InputSource(broken())))
                .isInstanceOf(SAXParseException.class);
        assertThatThrownBy(() -> XmlFactories.documentBuilder().parse(broken())).isInstanceOf(SAXParseException.class);

        assertThat(output.getAll()).isEmpty();
    }
}
