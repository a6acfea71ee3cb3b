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

    /** The gate stands before everything else, so that a stopped simulator answers no check of the hub's either. */
    @Bean
    FilterRegistrationBean<SimulatorGate> simulatorGate(Simulators simulators, SimulatorTls tls) {
        FilterRegistrationBean<SimulatorGate> gate = new FilterRegistrationBean<>(new SimulatorGate(simulators, tls::isKnown));
        gate.addUrlPatterns(SimulatorGate.PREFIX + "*");
        gate.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        gate.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return gate;
    }

    /** Which dropped files the simulated receiver has seen; the component's own memory ends at a thousand. */
    @Bean
    IdempotentRepository seenFiles() {
        return MemoryIdempotentRepository.memoryIdempotentRepository(FILES_REMEMBERED);
    }
}
