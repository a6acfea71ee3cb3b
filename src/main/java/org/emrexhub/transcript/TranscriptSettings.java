package org.emrexhub.transcript;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The transcript in the documents that the hub makes; read by {@code routes/hub/4-map}.
 *
 * @param attach whether a document gets its transcript as first attachment
 */
@ConfigurationProperties("emrexhub.transcript")
record TranscriptSettings(@DefaultValue("true") boolean attach) {}
