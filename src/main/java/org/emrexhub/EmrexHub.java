package org.emrexhub;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The EMREX hub: study records in, signed ELMO out. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class EmrexHub {

    private EmrexHub() {}

    public static void main(String[] args) {
        SpringApplication.run(EmrexHub.class, args);
    }
}
