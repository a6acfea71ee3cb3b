package org.emrexhub.kit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.SampleRegister;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Stylesheets;
import org.emrexhub.mapping.Tracing;

/**
 * One register's mapping as its files are now, ready to be run on documents.
 *
 * @param register as its samples see it
 * @param home where it stands
 * @param mapping maps documents of it
 * @param tracing maps them and says where everything comes from
 * @param assembly makes the document that the hub would sign
 * @param schema judges that document
 */
public record Bench(
        Register register, Path home, RegisterMapping mapping, Tracing tracing, Assembly assembly, ElmoSchema schema) {

    /** The day on which samples are mapped. */
    public static final String TODAY = "2026-01-15";

    /** Reads a register of a home, or throws all that is wrong with its files. */
    public static Bench of(Path home, String register) {
        return of(home, SampleRegister.read(home, register));
    }

    private static Bench of(Path home, Register register) {
        Stylesheets stylesheets = new Stylesheets(home);
        return new Bench(
                register,
                home,
                new RegisterMapping(stylesheets),
                new Tracing(stylesheets),
                new Assembly(stylesheets),
                new ElmoSchema(home.resolve("mappings/elmo")));
    }

    /** The mapping folder with what the descriptor says of it. */
    MappingFolder folder() {
        return folder(register.mapping());
    }

    MappingFolder folder(Path mapping) {
        return new MappingFolder(
                mapping,
                MappingFolder.Format.valueOf(register.format().name()),
                register.records(),
                register.recordRef(),
                register.namespaces());
    }

    /** Maps a document as the hub does, or throws why not. */
    MappingResult map(byte[] document, Map<String, String> own) {
        return mapping.map(folder(), document, parameters(own));
    }

    /** What the stylesheet gets: the descriptor's settings, the learner of no request, and then the sample's own. */
    public Map<String, String> parameters(Map<String, String> own) {
        Map<String, String> parameters = new HashMap<>(register.parameters());
        parameters.put("register", register.id());
        parameters.put("identifierType", "nationalIdentifier");
        parameters.put("identifier", "");
        parameters.put("today", TODAY);
        parameters.putAll(own);
        return parameters;
    }

    /** All samples of the mapping, by name. */
    public List<Sample> samples() {
        return Sample.in(register.mapping());
    }
}
