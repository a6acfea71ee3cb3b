package org.emrexhub.spine;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RegisterContractIT} needs to know of a register: {@code contract.yaml} in its folder of routes.
 *
 * @param found a learner of the simulator
 * @param unknown a learner whom the simulator does not know
 * @param pages how it shows that an answer of several pages was fetched whole
 * @param credentials where the hub's credentials stand in a call
 * @param never texts that must stand in no log, beside the learners' data
 * @param variants further settings under which it must behave as well, by name
 * @param without the parts of the contract that it can't show, each with the reason
 */
record RegisterContract(
        Learner found,
        Learner unknown,
        @Nullable Pages pages,
        Credentials credentials,
        List<String> never,
        Map<String, Map<String, String>> variants,
        Map<String, String> without) {

    private static final Path FOLDERS = Path.of("routes/registers");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    RegisterContract {
        credentials = credentials == null ? Credentials.none() : credentials;
        never = never == null ? List.of() : never;
        variants = variants == null ? Map.of() : variants;
        without = without == null ? Map.of() : without;
    }

    /**
     * An invented learner.
     *
     * @param records how many records the register has of the learner; none asks for nothing
     */
    record Learner(
            String identifierType,
            String identifier,
            @Nullable String givenNames,
            @Nullable String familyName,
            @Nullable String birthDate,
            @Nullable Integer records) {

        String born() {
            return birthDate == null ? "2000-01-01" : birthDate;
        }
    }

    /**
     * An answer of more than one page.
     *
     * @param learner whose it is; the one that is found if it says nothing
     * @param asked pattern of the path and query by which the second page was asked for
     */
    record Pages(@Nullable Learner learner, String asked) {}

    /**
     * Where the credentials are; one of the three.
     *
     * @param header name of the header
     * @param body the text in the body
     * @param certificate whether it is the certificate of the connection
     */
    record Credentials(@Nullable String header, @Nullable String body, boolean certificate) {

        static Credentials none() {
            return new Credentials(null, null, false);
        }
    }

    /** The ids of all registers, or of those that {@code -Dcontract.registers=<id>,<id>} names. */
    static List<String> registers() {
        String chosen = System.getProperty("contract.registers");
        if (chosen != null) {
            return List.of(chosen.split(","));
        }
        try (Stream<Path> folders = Files.list(FOLDERS)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("contract.yaml")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RegisterContract of(String register) {
        try {
            return YAML.readValue(
                    FOLDERS.resolve(register).resolve("contract.yaml").toFile(), RegisterContract.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The contract of " + register + " can't be read", e);
        }
    }
}
