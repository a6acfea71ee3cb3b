package org.emrexhub.pipeline;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Route files in a bare Camel context, for tests of a system's routes without the hub around them. */
final class RouteFiles implements AutoCloseable {

    private final AnnotationConfigApplicationContext http =
            new AnnotationConfigApplicationContext("org.emrexhub.pipeline.http");
    private final DefaultCamelContext camel = new DefaultCamelContext();

    RouteFiles(Map<String, String> settings, Map<String, Object> beans, String... files) throws Exception {
        settings.forEach(camel.getPropertiesComponent()::addInitialProperty);
        for (String name : new String[] {"httpCall", "httpCallClient"}) {
            camel.getRegistry().bind(name, http.getBean(name));
        }
        camel.getRegistry().bind("batchAnswers", new BatchAnswers());
        camel.getRegistry().bind("droppedFiles", new DroppedFiles());
        camel.getRegistry().bind("answerFiles", new AnswerFiles(new DroppedFiles()));
        beans.forEach(camel.getRegistry()::bind);
        for (String file : files) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.resolveResource(camel, "file:" + Path.of(file)));
        }
        camel.start();
    }

    DefaultCamelContext camel() {
        return camel;
    }

    @Override
    public void close() {
        camel.stop();
        http.close();
    }
}
