package org.emrexhub.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/** The settings that the hub's records declare: whether each can be read, and which that are set nobody declares. */
final class DeclaredSettings {

    private static final String HUB = "emrexhub";
    private static final List<String> OF_DESCRIPTORS = List.of("emrexhub.registers", "emrexhub.sis");

    private final ConfigurableEnvironment environment;
    /** The records by the prefix of their settings. */
    private final TreeMap<String, Class<?>> records = new TreeMap<>();

    DeclaredSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (BeanDefinition found : scanner.findCandidateComponents("org.emrexhub")) {
            Class<?> type = ClassUtils.resolveClassName(
                    String.valueOf(found.getBeanClassName()), getClass().getClassLoader());
            ConfigurationProperties annotation =
                    AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class);
            String prefix = annotation == null ? "" : annotation.prefix();
            if (type.isRecord() && (prefix.equals(HUB) || prefix.startsWith(HUB + "."))) {
                records.put(prefix, type);
            }
        }
    }

    /** Values that can't be read or make no sense: Spring would tell of the first record alone. */
    List<Fault> faults() {
        Binder binder = Binder.get(environment);
        try (LocalValidatorFactoryBean bounds = new LocalValidatorFactoryBean()) {
            bounds.afterPropertiesSet();
            return faults(binder, bounds);
        }
    }

    private List<Fault> faults(Binder binder, Validator bounds) {
        List<Fault> faults = new ArrayList<>();
        records.forEach((prefix, type) -> {
            try {
                binder.bind(prefix, Bindable.of(type), new ValidationBindHandler(bounds));
            } catch (BindException unreadable) {
                StartFailure.of(unreadable, environment)
                        .sentences()
                        .forEach(sentence -> faults.add(Fault.of(sentence)));
            }
        });
        return faults;
    }

    /**
     * What is set and nobody reads.
     *
     * @param ofDescriptors the keys that the descriptors of this home declare
     */
    Set<String> unknown(Set<String> ofDescriptors) {
        List<ConfigurationPropertyName> known = Stream.concat(
                        ofDescriptors.stream(),
                        records.entrySet().stream()
                                .flatMap(entry -> Stream.of(entry.getValue().getRecordComponents())
                                        .map(component -> entry.getKey() + "."
                                                + DataObjectPropertyName.toDashedForm(component.getName()))))
                .map(ConfigurationPropertyName::of)
                .toList();
        ConfigurationPropertyName hub = ConfigurationPropertyName.of(HUB);
        Set<String> unknown = new LinkedHashSet<>();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(hub::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(each -> each.equals(name) || each.isAncestorOf(name)))
                        .filter(name -> !isEmptyOfDescriptor(name.toString()))
                        .forEach(name -> unknown.add(name.toString()));
            }
        });
        return unknown;
    }

    /** A property without a value is as good as not there, whether or not a descriptor declares it. */
    private boolean isEmptyOfDescriptor(String name) {
        return OF_DESCRIPTORS.stream().anyMatch(area -> name.startsWith(area + "."))
                && environment.getProperty(name, "").isBlank();
    }
}
