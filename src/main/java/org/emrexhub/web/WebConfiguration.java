package org.emrexhub.web;

import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.catalina.core.StandardHost;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Outages;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Puts the API's edge together. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    Contract apiContract(Catalog catalog) {
        return Contract.read(folder(catalog).resolve("openapi.yaml"));
    }

    @Bean
    @Profile("demo")
    Contract demoContract(Catalog catalog) {
        return Contract.read(folder(catalog).resolve("demo-openapi.yaml"));
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(
            List<Contract> contracts,
            Callers callers,
            ProblemWriter problems,
            ApiSettings settings,
            CamelContext camel,
            Outages outages) {
        FilterRegistrationBean<EdgeFilter> filter = new FilterRegistrationBean<>(
                new EdgeFilter(contracts, callers, problems, settings, camel::isStarted, outages));
        filter.addUrlPatterns("/api/*");
        filter.setOrder(SecurityProperties.DEFAULT_FILTER_ORDER + 1);
        return filter;
    }

    /** What Tomcat refuses before it looks for an application is a problem too. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTheServer() {
        return server -> server.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ServerProblems.class.getName());
            }
        });
    }

    /**
     * The forms of a request are the edge filter's: Camel's own answers to a wrong one are not problems, and repeat
     * values.
     */
    @Bean
    CamelContextConfiguration httpEdge() {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                PlatformHttpComponent http = camel.getComponent("platform-http", PlatformHttpComponent.class);
                http.setHeaderFilterStrategy(new EdgeHeaders());
                http.setServerRequestValidation(false);
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // Nothing is left to do: what counts is set before any route is made.
            }
        };
    }

    private static Path folder(Catalog catalog) {
        return catalog.home().resolve("routes").resolve("api");
    }
}
