package org.emrexhub.transcript;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.datatype.XMLGregorianCalendar;
import org.emrexhub.elmo.xml.CountryCode;
import org.emrexhub.elmo.xml.Credit;
import org.emrexhub.elmo.xml.Elmo;
import org.emrexhub.elmo.xml.GradingScale;
import org.emrexhub.elmo.xml.Instance;
import org.emrexhub.elmo.xml.Institution;
import org.emrexhub.elmo.xml.InstitutionIdentifier;
import org.emrexhub.elmo.xml.Lines;
import org.emrexhub.elmo.xml.NonEmptyText;
import org.emrexhub.elmo.xml.QualificationLevel;
import org.emrexhub.elmo.xml.Report;
import org.emrexhub.elmo.xml.ResultStatus;
import org.emrexhub.elmo.xml.Specification;
import org.emrexhub.elmo.xml.SpecificationType;
import org.emrexhub.elmo.xml.TypedIdentifier;
import org.emrexhub.transcript.Transcript.Identifier;
import org.emrexhub.transcript.Transcript.Learner;
import org.emrexhub.transcript.Transcript.StudyRecord;
import org.jspecify.annotations.Nullable;

/** Reads from an ELMO document what a transcript shows. */
final class ElmoReading {

    private static final String ENGLISH = "en";

    private ElmoReading() {}

    /**
     * @param missing the registers that could not be asked, as people call them
     */
    static Transcript read(Elmo elmo, List<String> missing) {
        return new Transcript(
                instant(elmo.getGeneratedDate()),
                learner(elmo.getLearner()),
                elmo.getReport().stream().map(ElmoReading::institution).toList(),
                List.copyOf(missing));
    }

    private static Learner learner(org.emrexhub.elmo.xml.Learner learner) {
        CountryCode citizenship = learner.getCitizenship();
        return new Learner(
                learner.getGivenNames(),
                learner.getFamilyName(),
                text(learner.getBday()),
                citizenship == null ? null : citizenship.value(),
                identifiers(learner.getIdentifier(), TypedIdentifier::getType, TypedIdentifier::getValue));
    }

    private static Transcript.Institution institution(Report report) {
        Institution issuer = report.getIssuer();
        CountryCode country = issuer.getCountry();
        Map<String, Transcript.GradingScale> scales = scales(report.getGradingScheme());
        List<StudyRecord> records = new ArrayList<>();
        for (Specification specification : report.getLearningOpportunitySpecification()) {
            collect(specification, 0, scales, records);
        }
        return new Transcript.Institution(
                title(issuer.getTitle()),
                originalTitle(issuer.getTitle()),
                country == null ? null : country.value(),
                identifiers(issuer.getIdentifier(), InstitutionIdentifier::getType, InstitutionIdentifier::getValue),
                instant(report.getIssueDate()).toString().substring(0, 10),
                List.copyOf(records),
                scales.values().stream()
                        .filter(scale -> !scale.description().isEmpty())
                        .toList());
    }

    private static Map<String, Transcript.GradingScale> scales(List<GradingScale> schemes) {
        Map<String, Transcript.GradingScale> scales = new LinkedHashMap<>();
        for (GradingScale scheme : schemes) {
            String description = inEnglish(scheme.getDescription(), Lines::getLang)
                    .map(Lines::getValue)
                    .orElse("")
                    .strip();
            scales.put(scheme.getLocalId(), new Transcript.GradingScale(scales.size() + 1, description));
        }
        return scales;
    }

    private static void collect(
            Specification specification,
            int depth,
            Map<String, Transcript.GradingScale> scales,
            List<StudyRecord> records) {
        Instance instance = specification.getSpecifies().getLearningOpportunityInstance();
        SpecificationType type = specification.getType();
        ResultStatus status = instance.getStatus();
        Transcript.GradingScale scale = scales.get(instance.getGradingSchemeLocalId());
        records.add(new StudyRecord(
                depth,
                title(specification.getTitle()),
                originalTitle(specification.getTitle()),
                type == null ? null : type.value(),
                specification.getIdentifier().stream()
                        .filter(it -> "local".equals(it.getType()))
                        .map(TypedIdentifier::getValue)
                        .findFirst()
                        .orElse(null),
                text(instance.getDate()),
                instance.getResultLabel(),
                scale == null || scale.description().isEmpty() ? null : scale.number(),
                instance.getCredit().stream().map(ElmoReading::credit).toList(),
                instance.getLevel().stream().map(ElmoReading::level).toList(),
                status == null ? null : status.value(),
                language(instance.getLanguageOfInstruction())));
        for (Specification.HasPart part : specification.getHasPart()) {
            collect(part.getLearningOpportunitySpecification(), depth + 1, scales, records);
        }
    }

    private static String credit(Credit credit) {
        BigDecimal value = credit.getValue();
        String scheme = "ects".equals(credit.getScheme()) ? "ECTS" : credit.getScheme();
        return value == null ? scheme : value.toPlainString() + " " + scheme;
    }

    private static String level(QualificationLevel level) {
        return level.getType() + " " + level.getValue();
    }

    private static @Nullable String language(@Nullable String code) {
        return code == null ? null : Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
    }

    private static <T> List<Identifier> identifiers(
            Collection<T> all, Function<T, String> type, Function<T, String> value) {
        return all.stream()
                .map(it -> new Identifier(type.apply(it), value.apply(it)))
                .toList();
    }

    private static String title(List<NonEmptyText> titles) {
        return inEnglish(titles, NonEmptyText::getLang)
                .map(NonEmptyText::getValue)
                .orElse("");
    }

    private static @Nullable String originalTitle(List<NonEmptyText> titles) {
        String shown = title(titles);
        String others = titles.stream()
                .map(NonEmptyText::getValue)
                .filter(it -> !it.equals(shown))
                .distinct()
                .collect(Collectors.joining(" / "));
        return others.isEmpty() ? null : others;
    }

    private static <T> Optional<T> inEnglish(List<T> texts, Function<T, @Nullable String> language) {
        return Stream.concat(texts.stream().filter(it -> ENGLISH.equals(language.apply(it))), texts.stream())
                .findFirst();
    }

    private static @Nullable String text(@Nullable XMLGregorianCalendar date) {
        return date == null ? null : date.toXMLFormat();
    }

    private static Instant instant(XMLGregorianCalendar moment) {
        return moment.toGregorianCalendar().toInstant();
    }
}
