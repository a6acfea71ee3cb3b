package org.emrexhub.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A student information system that takes imports, as its {@code sis.yaml} describes it.
 *
 * @param id lower kebab, the folder's name
 * @param title for people
 * @param mode what the target does with an import
 * @param requires what a transfer must have before it can be delivered
 * @param batchMax the most items of one push
 * @param allOrNothing whether one bad item makes the target refuse the whole batch; the hub then bisects
 * @param onUnknown how an item is settled whose answer was lost
 * @param settle how long a lost request may still land; nothing is settled before
 * @param timeout the longest one push may take
 * @param targetId form of an item's id at the target, {@code {creditKey}} stands for the credit key
 * @param settings the configured values {@code emrexhub.sis.<id>.*} of the declared properties, defaults filled in
 * @param secrets names of the settings that are passwords
 * @param routes folder of its routes
 * @param mapping folder of its mapping; empty if the target takes the signed document as it is
 */
public record Sis(
        String id,
        String title,
        Mode mode,
        Set<Requirement> requires,
        int batchMax,
        boolean allOrNothing,
        OnUnknown onUnknown,
        Duration settle,
        Duration timeout,
        String targetId,
        Map<String, String> settings,
        Set<String> secrets,
        Path routes,
        Optional<Path> mapping) {

    /** What the target does with an import: stores the evidence, proposes a recognition, posts an attainment. */
    public enum Mode {
        EVIDENCE,
        PROPOSE,
        POST
    }

    /** What a transfer must have before it can be delivered: the learner's id at the target, an officer's decision. */
    public enum Requirement {
        TARGET_ID,
        DECISION
    }

    /** How an item is settled whose answer was lost: by asking the target, or by sending it again under the same id. */
    public enum OnUnknown {
        VERIFY,
        RESEND_SAME_ID
    }

    /** The settings that a mapping may see: all but the passwords. */
    public Map<String, String> parameters() {
        return Settings.without(secrets, settings);
    }

    /** Whether the target has no mapping and gets the signed document: one transfer's says nothing of another's. */
    public boolean takesWholeDocuments() {
        return mapping.isEmpty();
    }

    /** Whether the target needs this before a delivery. */
    public boolean requires(Requirement requirement) {
        return requires.contains(requirement);
    }
}
