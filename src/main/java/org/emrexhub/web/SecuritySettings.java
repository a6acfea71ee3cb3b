package org.emrexhub.web;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where a token says what its bearer may do and for whom. A claim inside another is named with dots, as in
 * {@code realm_access.roles}.
 *
 * @param rolesClaim a list, or a text with spaces, of the roles client, operator, officer, integrator, admin
 * @param institutionClaim the institution whose transfers the bearer may see
 */
@Validated
@ConfigurationProperties("emrexhub.security")
record SecuritySettings(
        @NotBlank @DefaultValue("roles") String rolesClaim,
        @NotBlank @DefaultValue("institution") String institutionClaim) {}
