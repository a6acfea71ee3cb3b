package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTests {

    private static final String API = "openapi.yaml";
    private static final String DEMO = "demo-openapi.yaml";

    @ParameterizedTest
    @ValueSource(strings = {API, DEMO})
    void isSoundOpenApi(String file) throws Exception {
        String text = Files.readString(Systems.HOME.resolve("routes/api").resolve(file));

        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(text, null, null);

        assertThat(parsed.getMessages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {API, DEMO})
    void describesEveryCallAndSaysWhoMayMakeIt(String file) {
        JsonNode document = contract(file).document();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                assertThat(operation.getValue().path("operationId").asText()).isNotBlank();
                assertThat(operation.getValue().path("summary").asText()).endsWith(".");
                assertThat(operation.getValue().path("description").asText()).isNotBlank();
                assertThat(operation.getValue().path("x-roles")).isNotEmpty();
                assertThat(operation.getValue().path("responses").properties())
                        .anyMatch(answer -> answer.getKey().startsWith("2"));
            }
        }
    }

    /** Whatever is called, a parameter may be unknown and an answer unwanted; whoever sends may send too much. */
    @Test
    void describesWhatTheEdgeRefuses() {
        for (JsonNode path : contract(API).document().path("paths")) {
            for (Map.Entry<String, JsonNode> operation : path.properties()) {
                JsonNode answers = operation.getValue().path("responses");
                List<String> always = operation.getKey().equals("get")
                        ? List.of("400", "401", "403", "406", "503")
                        : List.of("400", "401", "403", "406", "408", "413", "415", "503");
                assertThat(always)
                        .as(operation.getValue().path("operationId").asText())
                        .allMatch(answers::has);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {API, DEMO})
    void admitsNoPropertyThatItDoesNotDescribe(String file) {
        List<String> open = new ArrayList<>();
        openObjects(contract(file).document().at("/components/schemas"), "", open);

        assertThat(open).isEmpty();
    }

    @Test
    void namesTheSameCodesAndStatesAsTheHub() {
        Contract contract = contract(API);

        assertThat(texts(contract.schema("/components/schemas/Problem/properties/code/enum")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemCode.values())
                        .map(ProblemCode::wireName)
                        .toList());
        assertThat(texts(contract.schema("/components/schemas/Stage/enum")))
                .containsExactlyElementsOf(names(Stage.values()));
        assertThat(texts(contract.schema("/components/schemas/Status/enum")))
                .containsExactlyElementsOf(names(Status.values()));
    }

    @ParameterizedTest
    @CsvSource({
        "client,     createTransfer listTransfers getTransfer getTransferElmo getTransferReport cancelTransfer getImport"
                + " submitImport",
        "operator,   listTransfers getTransfer getTransferReport listDeadLetters groupDeadLetters replayDeadLetter"
                + " replayDeadLetters getReplay discardDeadLetter listRegisters listSis pauseRegister resumeRegister"
                + " pauseSis resumeSis",
        "officer,    getTransferElmo searchImports getImport getImportElmo decideImport",
        "integrator, getTransferReport listRegisters listSis"
    })
    void givesEachRoleItsCalls(String role, String calls) {
        assertThat(contract(API).all())
                .filteredOn(operation -> operation.roles().stream()
                        .anyMatch(allowed -> allowed.name().equalsIgnoreCase(role)))
                .extracting(Operation::id)
                .containsExactlyInAnyOrder(calls.split(" +"));
    }

    @ParameterizedTest
    @ValueSource(strings = {API, DEMO})
    void letsAnAdminDoAll(String file) {
        assertThat(contract(file).all()).allMatch(operation -> operation.roles().contains(Caller.Role.ADMIN));
    }

    private static Contract contract(String file) {
        return Contract.read(Systems.HOME.resolve("routes/api").resolve(file));
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toList());
    }

    private static void openObjects(JsonNode node, String at, List<String> open) {
        if (node.path("type").asText().equals("object") && !node.has("additionalProperties")) {
            open.add(at);
        }
        node.properties().forEach(child -> openObjects(child.getValue(), at + "/" + child.getKey(), open));
    }
}
