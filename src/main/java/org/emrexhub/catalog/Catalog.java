package org.emrexhub.catalog;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Every register and student information system that this hub serves, sound and configured.
 *
 * @param home the folder that holds {@code routes/} and {@code mappings/}
 * @param registers ordered by id
 * @param sis ordered by id
 * @param certificates by which the hub shows itself to them
 */
public record Catalog(Path home, List<Register> registers, List<Sis> sis, List<ClientCertificate> certificates) {

    /** A catalogue of those that need no client certificate. */
    public Catalog(Path home, List<Register> registers, List<Sis> sis) {
        this(home, registers, sis, List.of());
    }

    /** The register with this id. */
    public Optional<Register> register(String id) {
        return registers.stream().filter(register -> register.id().equals(id)).findFirst();
    }

    /** The student information system with this id. */
    public Optional<Sis> sis(String id) {
        return sis.stream().filter(target -> target.id().equals(id)).findFirst();
    }
}
