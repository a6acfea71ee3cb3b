package org.emrexhub.kit;

import java.nio.file.Path;
import java.util.List;
import org.emrexhub.catalog.SampleSis;
import org.emrexhub.catalog.Sis;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.Stylesheets;

/**
 * One student information system's mapping as its files are now, ready to be run on deliveries.
 *
 * @param sis as its samples see it
 * @param mapping makes payloads for it
 */
public record SisBench(Sis sis, SisMapping mapping) {

    /** Reads a system of a home, or throws all that is wrong with its files. */
    public static SisBench of(Path home, String id) {
        return new SisBench(SampleSis.read(home, id), new SisMapping(new Stylesheets(home)));
    }

    /** Its mapping folder. */
    public Path folder() {
        return sis.mapping().orElseThrow();
    }

    /** All samples of the mapping, by name. */
    public List<Sample> samples() {
        return Sample.in(folder());
    }
}
