package org.emrexhub.pipeline;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much the hub does at once.
 *
 * @param consumers consumers of each queue in this instance
 */
@ConfigurationProperties("emrexhub.pipeline")
record PipelineSettings(@DefaultValue("4") int consumers) {}
