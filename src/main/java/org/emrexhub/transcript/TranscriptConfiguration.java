package org.emrexhub.transcript;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bean that the route {@code hub-transcript} names. */
@Configuration(proxyBeanMethods = false)
class TranscriptConfiguration {

    @Bean
    Transcripts transcripts() {
        return new Transcripts();
    }
}
