package org.emrexhub.pipeline;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.elmo.Violation;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.Assembly.Assembled;
import org.emrexhub.mapping.Attachment;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.transfer.NewTransfer;
import org.springframework.stereotype.Component;

/**
 * What {@code routes/hub/4-map} and {@code 5-validate} call: map, assemble, attach, validate, store. A form of the
 * records that the next step does not need is let go of: a document can be of 20 MB.
 */
@Component("map")
class MapStep {

    static final String WORK = "mapWork";
    private static final String RESULTS = "mappingResults";
    private static final String CREDITS = "credits";
    private static final String FINDINGS = "findings";
    private static final int SHOWN_VIOLATIONS = 3;

    private final Maps maps;
    private final Catalog catalog;
    private final RegisterMapping mapping;
    private final Assembly assembly;
    private final Attachment attachment;
    private final ElmoSchema schema;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    MapStep(
            Maps maps,
            Catalog catalog,
            RegisterMapping mapping,
            Assembly assembly,
            Attachment attachment,
            ElmoSchema schema,
            Clock clock) {
        this.maps = maps;
        this.catalog = catalog;
        this.mapping = mapping;
        this.assembly = assembly;
        this.attachment = attachment;
        this.schema = schema;
        this.clock = clock;
    }

    /** Asks the ledger whether the message is due, and takes out what is to be mapped. */
    public void begin(Exchange exchange) {
        Message message = Message.of(exchange);
        Optional<MapWork> work = maps.begin(message.transferId(), message.revision());
        exchange.setVariable("due", work.isPresent());
        work.ifPresent(due -> {
            exchange.setVariable(WORK, due);
            exchange.setVariable("stage", "MAP");
        });
    }

    /** Maps every source and accounts for every record in it. */
    public void mapSources(Exchange exchange) {
        MapWork work = work(exchange);
        Map<String, MappingResult> results = new LinkedHashMap<>();
        work.sources().forEach((register, answer) -> results.put(register, map(work, register, answer)));
        exchange.setVariable(RESULTS, results);
        exchange.setVariable(WORK, work.withoutSources());
    }

    private MappingResult map(MapWork work, String id, byte[] answer) {
        Register register = catalog.register(id)
                .orElseThrow(() -> new HubFailure(
                        FailureCode.HUB_DEFECT, "register '" + id + "' is not served any more; put its folder back"));
        Map<String, String> parameters = new HashMap<>(register.parameters());
        NewTransfer.Learner learner = work.request().learner();
        parameters.put("register", id);
        parameters.put("identifierType", learner.identifierType());
        parameters.put("identifier", learner.identifier());
        parameters.put(
                "today", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString());
        return mapping.map(
                new MappingFolder(
                        register.mapping(),
                        MappingFolder.Format.valueOf(register.format().name()),
                        register.records(),
                        register.recordRef(),
                        register.namespaces()),
                answer,
                parameters);
    }

    /** Makes one document of all sources; it is the body from here on. */
    public void assemble(Exchange exchange) {
        MapWork work = work(exchange);
        NewTransfer.Learner learner = work.request().learner();
        List<Assembly.Source> sources = new ArrayList<>();
        results(exchange).forEach((register, result) -> sources.add(Assembly.Source.of(register, result)));
        Assembled assembled = assembly.assemble(
                new Assembly.Request(
                        List.of(new Assembly.Identifier(learner.identifierType(), learner.identifier())),
                        learner.givenNames(),
                        learner.familyName(),
                        learner.birthDate()),
                sources,
                work.missing(),
                clock.instant());
        Map<String, MappingResult> accounts = new LinkedHashMap<>();
        results(exchange).forEach((register, result) -> accounts.put(register, result.withoutResult()));
        exchange.setVariable(RESULTS, accounts);
        exchange.setVariable(FINDINGS, assembled.findings());
        exchange.setVariable(CREDITS, assembled.credits());
        exchange.setVariable("missing", missingTitles(work));
        exchange.getMessage().setBody(assembled.elmo());
    }

    private List<String> missingTitles(MapWork work) {
        return work.missing().stream()
                .map(missing -> catalog.register(missing.register())
                                .map(Register::title)
                                .orElse(missing.register())
                        + " (" + missing.code() + ")")
                .toList();
    }

    /** Puts the transcript, a PDF in a variable, into the document in the body. */
    public void attachTranscript(Exchange exchange) {
        byte[] pdf = (byte[]) exchange.removeVariable("transcript");
        exchange.getMessage().setBody(attachment.attach(exchange.getMessage().getBody(byte[].class), pdf));
    }

    /** Holds the document in the body against the schema of what the hub writes. */
    public void validate(Exchange exchange) {
        List<Violation> violations = schema.validate(exchange.getMessage().getBody(byte[].class));
        if (!violations.isEmpty()) {
            String shown = String.join(
                    "; ",
                    violations.stream()
                            .limit(SHOWN_VIOLATIONS)
                            .map(Violation::toString)
                            .toList());
            throw new HubFailure(
                    FailureCode.SCHEMA_VIOLATION,
                    violations.size() > SHOWN_VIOLATIONS
                            ? shown + "; and " + (violations.size() - SHOWN_VIOLATIONS) + " more"
                            : shown);
        }
    }

    /** Stores the signed document in the body. */
    public void store(Exchange exchange) {
        MapWork work = work(exchange);
        byte[] signed = exchange.getMessage().getBody(byte[].class);
        Map<String, MappingResult> results = results(exchange);
        maps.succeed(
                work,
                results,
                list(exchange, CREDITS),
                signed,
                Report.write(results, list(exchange, FINDINGS), work.missing()));
        exchange.getMessage().setBody(null);
    }

    private static MapWork work(Exchange exchange) {
        return exchange.getVariable(WORK, MapWork.class);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, MappingResult> results(Exchange exchange) {
        return (Map<String, MappingResult>) exchange.getVariable(RESULTS);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> List<T> list(Exchange exchange, String name) {
        return (List<T>) exchange.getVariable(name);
    }
}
