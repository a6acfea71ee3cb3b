package org.emrexhub.demo;

import java.util.List;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Says that the demo is starting, so that nobody sits before an empty screen; home and port have been checked by then. */
final class DemoGreeting implements ApplicationListener<ApplicationPreparedEvent> {

    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
        Environment environment = event.getApplicationContext().getEnvironment();
        if (environment.acceptsProfiles(Profiles.of("demo"))
                && event.getApplicationContext().getBeanFactory().containsSingleton("catalog")
                && environment.getProperty("emrexhub.demo.first-transfer", Boolean.class, true)) {
            Console.print(
                    List.of("", "The EMREX hub is starting as a demo, with a broker and a database of its own ..."));
        }
    }
}
