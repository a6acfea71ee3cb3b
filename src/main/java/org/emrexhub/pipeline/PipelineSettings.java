package org.emrexhub.pipeline;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the hub does at once.
 *
 * @param consumers consumers of each queue in this instance
 */
@Validated
@ConfigurationProperties("emrexhub.pipeline")
record PipelineSettings(@Min(1) @DefaultValue("4") int consumers) {}
