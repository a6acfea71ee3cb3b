package org.emrexhub.web;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the REST API.
 *
 * @param maxBody the longest body of a request; a longer one is refused before it is read to its end
 */
@Validated
@ConfigurationProperties("emrexhub.api")
record ApiSettings(@NotNull @DefaultValue("256KB") DataSize maxBody) {}
