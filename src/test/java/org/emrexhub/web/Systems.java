package org.emrexhub.web;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.lenient;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.catalog.Sis.Requirement;
import org.mockito.quality.Strictness;

/** The systems that the tests of the API's edge serve: two registers, a target that needs a decision, one that doesn't. */
final class Systems {

    static final Path HOME = Path.of("").toAbsolutePath();

    private Systems() {}

    static Catalog catalog() {
        return new Catalog(
                HOME,
                List.of(
                        register("north", Map.of("nationalIdentifier", Pattern.compile("[0-9]{6}-[0-9]{3}[0-9A-Y]"))),
                        register(
                                "south",
                                Map.of(
                                        "nationalIdentifier",
                                        Pattern.compile("[0-9]{6}-[0-9]{3}[0-9A-Y]"),
                                        "studentNumber",
                                        Pattern.compile("[0-9]{7}")))),
                List.of(
                        sis("deciding", Set.of(Requirement.TARGET_ID, Requirement.DECISION)),
                        sis("plain", Set.of()),
                        sis("targeted", Set.of(Requirement.TARGET_ID))));
    }

    private static Register register(String id, Map<String, Pattern> identifiers) {
        Register register = mock(Register.class, withSettings().strictness(Strictness.LENIENT));
        lenient().when(register.id()).thenReturn(id);
        lenient().when(register.title()).thenReturn("Register " + id);
        lenient().when(register.identifiers()).thenReturn(identifiers);
        return register;
    }

    private static Sis sis(String id, Set<Requirement> requires) {
        Sis sis = mock(Sis.class, withSettings().strictness(Strictness.LENIENT));
        lenient().when(sis.id()).thenReturn(id);
        lenient().when(sis.title()).thenReturn("SIS " + id);
        lenient().when(sis.requires()).thenReturn(requires);
        lenient()
                .when(sis.requires(any()))
                .thenAnswer(call -> requires.contains(call.getArgument(0, Requirement.class)));
        return sis;
    }
}
