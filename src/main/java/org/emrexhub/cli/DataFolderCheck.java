package org.emrexhub.cli;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Looks whether the data folder can be written before the log file is opened in it: the logging system would tell it
 * first, in a stack trace of its own.
 */
final class DataFolderCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        boolean hub = event.getSpringApplication().getAllSources().stream()
                .anyMatch(source -> source instanceof Class<?> type
                        && AnnotatedElementUtils.hasAnnotation(type, SpringBootApplication.class));
        if (hub) {
            DataFolder.requireWritable(DataFolder.path(event.getEnvironment()));
        }
    }

    /** After the configuration is read, before the logging system reads it. */
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER - 1;
    }
}
