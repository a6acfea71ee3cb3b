package org.emrexhub.web;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.Problem;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.NewTransfer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jms.JmsAutoConfiguration;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/** The hub's edge alone: its routes and its package, in front of whatever a test puts behind them. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = {
            DataSourceAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            ArtemisAutoConfiguration.class,
            JmsAutoConfiguration.class
        })
@ComponentScan
@ConfigurationPropertiesScan
// Only where a test asks for it: a test of the whole hub scans these classes too.
@ConditionalOnProperty(name = "hub.part", havingValue = "web")
class WebApp {

    /** Only the API's own routes; what they hand over to is stood in for. */
    static final String ROUTES = "camel.main.routes-include-pattern=file:routes/api/*.camel.yaml";

    static final String HOME = "emrexhub.home=.";

    static final String PART = "hub.part=web";

    static final Instant NOW = Instant.parse("2026-02-02T12:00:00Z");

    @Bean
    Catalog catalog() {
        return Systems.catalog();
    }

    @Bean
    Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    /** Stands in for the spine's first route. */
    @Bean
    RouteBuilder hubAccept(Acceptance acceptance) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:hub-accept")
                        .routeConfigurationId("api-problems")
                        .process(exchange -> exchange.getMessage().setBody(answer(exchange)));
            }

            private Acceptance.Accepted answer(Exchange exchange) {
                Caller caller = exchange.getVariable("caller", Caller.class);
                String key = exchange.getVariable("idempotencyKey", String.class);
                byte[] body = exchange.getVariable("rawBody", byte[].class);
                Problem refused = exchange.getVariable("refused", Problem.class);
                return refused == null
                        ? acceptance.accept(
                                caller, key, body, exchange.getMessage().getBody(NewTransfer.class))
                        : acceptance.earlier(caller, key, body).orElseThrow(() -> refused);
            }
        };
    }
}
