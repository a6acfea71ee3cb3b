package org.emrexhub.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingResult;
import org.jspecify.annotations.Nullable;

/**
 * The REPORT document: per register what was mapped and skipped, and what a person should know. A reference may hold a
 * register's own key for a learner, so here a record is its ordinal.
 */
final class Report {

    /** The rules by which {@code assemble.xsl} says where the learner's names come from. */
    private static final String NAMES = "names-from-";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Report() {}

    static byte[] write(
            Map<String, MappingResult> results, List<MappingResult.Finding> findings, List<Assembly.Missing> missing) {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode sources = report.putArray("sources");
        results.forEach((register, result) -> {
            Map<String, String> ordinals = ordinals(result);
            ObjectNode source = sources.addObject();
            source.put("register", register);
            source.put("records", result.records());
            source.put("mapped", result.mapped().size());
            ArrayNode skipped = source.putArray("skipped");
            result.skipped()
                    .forEach(record -> skipped.addObject()
                            .put("ref", ordinals.getOrDefault(record.ref(), "?"))
                            .put("rule", record.rule())
                            .put("text", record.text()));
            ArrayNode found = source.putArray("findings");
            result.findings().forEach(finding -> add(found, finding, ordinals));
            findings.stream()
                    .filter(finding -> register.equals(finding.register()))
                    .forEach(finding -> add(found, finding, ordinals));
        });
        ArrayNode general = report.putArray("findings");
        findings.stream()
                .filter(finding -> finding.register() == null || !results.containsKey(finding.register()))
                .forEach(finding -> add(general, finding, Map.of()));
        ArrayNode absent = report.putArray("missing");
        missing.forEach(one -> absent.addObject()
                .put("register", one.register())
                .put("code", one.code().wireName()));
        if (findings.stream().anyMatch(finding -> finding.rule().startsWith(NAMES))) {
            boolean register =
                    findings.stream().anyMatch(finding -> finding.rule().equals(NAMES + "register"));
            report.put("names", register ? "register" : "request");
        }
        try {
            return JSON.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The report can't be written.");
        }
    }

    private static void add(ArrayNode list, MappingResult.Finding finding, Map<String, String> ordinals) {
        ObjectNode entry = list.addObject();
        String ref = ordinal(finding.ref(), ordinals);
        if (ref != null) {
            entry.put("ref", ref);
        }
        entry.put("rule", finding.rule()).put("severity", finding.severity()).put("text", finding.text());
    }

    private static @Nullable String ordinal(@Nullable String ref, Map<String, String> ordinals) {
        return ref == null ? null : ordinals.get(ref);
    }

    private static Map<String, String> ordinals(MappingResult result) {
        Map<String, String> ordinals = new HashMap<>();
        for (int index = 0; index < result.refs().size(); index++) {
            ordinals.putIfAbsent(result.refs().get(index), Integer.toString(index + 1));
        }
        return ordinals;
    }
}
