package org.emrexhub.demo;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;

/** What the simulators need around them. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class SimulatorsConfiguration {

    private static final int FILES_REMEMBERED = 100_000;
    private static final int BEHIND_GATE = Ordered.HIGHEST_PRECEDENCE + 100;

    /** The gate stands before everything else, so that a stopped simulator answers no check of the hub's either. */
    @Bean
    FilterRegistrationBean<SimulatorGate> simulatorGate(Simulators simulators) {
        FilterRegistrationBean<SimulatorGate> gate = new FilterRegistrationBean<>(new SimulatorGate(simulators));
        gate.addUrlPatterns(SimulatorGate.PREFIX + "*");
        gate.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        gate.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return gate;
    }

    /** Behind the gate: a stopped simulator looks at no certificate. */
    @Bean
    FilterRegistrationBean<KnownClients> knownClients(Simulators simulators, SimulatorTls tls) {
        FilterRegistrationBean<KnownClients> clients =
                new FilterRegistrationBean<>(new KnownClients(simulators, tls::isKnown));
        clients.addUrlPatterns(SimulatorGate.PREFIX + "*");
        clients.setOrder(BEHIND_GATE);
        return clients;
    }

    /** Which dropped files the simulated receiver has seen; the component's own memory ends at a thousand. */
    @Bean
    IdempotentRepository seenFiles() {
        return MemoryIdempotentRepository.memoryIdempotentRepository(FILES_REMEMBERED);
    }
}
