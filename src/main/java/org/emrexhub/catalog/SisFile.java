package org.emrexhub.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.catalog.Sis.Mode;
import org.emrexhub.catalog.Sis.OnUnknown;
import org.emrexhub.catalog.Sis.Requirement;

/** Reads what only {@code sis.yaml} has. */
final class SisFile {

    private static final Map<String, Mode> MODES = modes();
    private static final Map<String, Requirement> REQUIREMENTS =
            Map.of("targetId", Requirement.TARGET_ID, "decision", Requirement.DECISION);
    private static final Map<String, OnUnknown> ON_UNKNOWN =
            Map.of("verify", OnUnknown.VERIFY, "resend-same-id", OnUnknown.RESEND_SAME_ID);
    private static final int DEFAULT_BATCH = 100;
    private static final Duration DEFAULT_SETTLE = Duration.ofSeconds(60);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final String DEFAULT_TARGET_ID = "emrex-{creditKey}";

    private SisFile() {}

    private static Map<String, Mode> modes() {
        Map<String, Mode> modes = new LinkedHashMap<>();
        for (Mode mode : Mode.values()) {
            modes.put(mode.name(), mode);
        }
        return modes;
    }

    /** The target; where something is wrong, a stand-in takes its place and the fault is added. */
    static Sis read(Descriptor descriptor, Optional<Path> mapping, DescriptorSettings settings) {
        YamlObject yaml = descriptor.yaml();
        Optional<YamlObject> batch = yaml.object("batch");
        Sis sis = new Sis(
                descriptor.id(),
                descriptor.title(),
                yaml.requiredChoice("mode", MODES).orElse(Mode.EVIDENCE),
                Set.copyOf(yaml.choices("requires", REQUIREMENTS)),
                batch.flatMap(limits -> limits.count("max")).orElse(DEFAULT_BATCH),
                batch.flatMap(limits -> limits.bool("allOrNothing")).orElse(false),
                yaml.requiredChoice("onUnknown", ON_UNKNOWN).orElse(OnUnknown.RESEND_SAME_ID),
                settings.duration(descriptor, "settle", yaml.duration("settle").orElse(DEFAULT_SETTLE)),
                settings.duration(
                        descriptor, "timeout", yaml.duration("timeout").orElse(DEFAULT_TIMEOUT)),
                targetId(yaml),
                Map.copyOf(settings.of(descriptor)),
                descriptor.secrets(),
                descriptor.folder(),
                mapping);
        batch.ifPresent(YamlObject::refuseOtherKeys);
        yaml.refuseOtherKeys();
        return sis;
    }

    private static String targetId(YamlObject yaml) {
        String form = yaml.text("targetId").orElse(DEFAULT_TARGET_ID);
        if (!form.contains("{creditKey}")) {
            yaml.fault("targetId", "must contain {creditKey}: without it every item would have the same id.");
        }
        return form;
    }
}
