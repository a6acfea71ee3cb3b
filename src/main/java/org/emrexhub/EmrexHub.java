package org.emrexhub;

import org.emrexhub.cli.HubStart;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The EMREX hub: study records in, signed ELMO out. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class EmrexHub {

    private EmrexHub() {}

    public static void main(String[] args) {
        HubStart.run(EmrexHub.class, args);
    }
}
