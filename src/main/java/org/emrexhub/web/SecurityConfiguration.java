package org.emrexhub.web;

import jakarta.servlet.DispatcherType;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * Who may call what. The rules of the API are made from the roles in its contract; what the contract does not list is
 * shown to somebody with credentials at most as "nothing here".
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String DEMO_INSTITUTION = "demo.example";
    private static final String DEMO_PASSWORD = "{noop}demo";

    private final List<Contract> contracts;
    private final ProblemWriter problems;

    SecurityConfiguration(List<Contract> contracts, ProblemWriter problems) {
        this.contracts = contracts;
        this.problems = problems;
    }

    /** Each filter would be measured, which costs much and tells of Spring Security, not of the hub. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    @Profile("demo")
    SecurityFilterChain demoSecurity(HttpSecurity http) throws Exception {
        AuthenticationEntryPoint entry = entryPoint("Basic realm=\"EMREX hub demo\", charset=\"UTF-8\"");
        common(http, entry);
        http.httpBasic(basic -> basic.authenticationEntryPoint(entry));
        return http.build();
    }

    /** What Spring Security refuses before it looks for rules, an unknown method for instance, is a problem too. */
    @Bean
    RequestRejectedHandler requestRejected() {
        return (request, response, rejected) -> problems.write(
                new Problem(
                        ProblemCode.REQUEST_INVALID,
                        "The request's method or address is not sound. Compare it with the contract at /v3/api-docs."),
                request,
                response);
    }

    /** The simulated systems look at credentials themselves, as the real ones do; the hub's users mean nothing there. */
    @Bean
    @Order(0)
    @Profile("demo")
    SecurityFilterChain simulatorSecurity(HttpSecurity http) throws Exception {
        return http.securityMatcher("/simulators/**")
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                .headers(headers -> headers.withObjectPostProcessor(new EagerHeaders()))
                .build();
    }

    @Bean
    @Profile("demo")
    UserDetailsService demoUsers() {
        InMemoryUserDetailsManager users = new InMemoryUserDetailsManager();
        for (Caller.Role role : Caller.Role.values()) {
            users.createUser(User.withUsername(role.name().toLowerCase(Locale.ROOT))
                    .password(DEMO_PASSWORD)
                    .roles(role.name())
                    .build());
        }
        // Only its reading side: else Spring replaces the plain password by its bcrypt at the first login, and every
        // further call spends some 70 ms of a processor on comparing it.
        return users::loadUserByUsername;
    }

    @Bean
    @Profile("demo")
    Callers demoCallers() {
        return authentication -> caller(authentication, Optional.of(DEMO_INSTITUTION));
    }

    @Bean
    @Profile("!demo")
    SecurityFilterChain security(HttpSecurity http, SecuritySettings settings) throws Exception {
        AuthenticationEntryPoint entry = entryPoint("Bearer");
        common(http, entry);
        JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
        converter.setJwtGrantedAuthoritiesConverter(new RolesClaim(settings.rolesClaim()));
        http.addFilterBefore(new IssuerOutage(problems), BearerTokenAuthenticationFilter.class);
        http.oauth2ResourceServer(server -> server.authenticationEntryPoint(entry)
                .accessDeniedHandler(accessDenied())
                .jwt(jwt -> jwt.jwtAuthenticationConverter(token -> converter.convert(lasting(token)))));
        return http.build();
    }

    /** Whatever decoded it: a token that never ends would let its bearer in for ever. */
    private static Jwt lasting(Jwt token) {
        if (token.getExpiresAt() == null) {
            throw new InvalidBearerTokenException("The token does not say when it ends");
        }
        return token;
    }

    @Bean
    @Profile("!demo")
    Callers tokenCallers(SecuritySettings settings) {
        return authentication -> authentication instanceof JwtAuthenticationToken token
                ? caller(authentication, Claims.text(token.getToken(), settings.institutionClaim()))
                : Optional.empty();
    }

    private void common(HttpSecurity http, AuthenticationEntryPoint entry) throws Exception {
        // No session and no cookie: there is nothing that another site's page could ride on but a browser's Basic
        // cache.
        http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.withObjectPostProcessor(new EagerHeaders())
                        .contentSecurityPolicy(
                                csp -> csp.policyDirectives("default-src 'none'; frame-ancestors 'none'"))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .frameOptions(Customizer.withDefaults()))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(entry).accessDeniedHandler(accessDenied()))
                .authorizeHttpRequests(this::rules);
    }

    private void rules(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry rules) {
        PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
        rules.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll();
        rules.requestMatchers(
                        paths.matcher("/actuator/health"),
                        paths.matcher("/actuator/health/**"),
                        paths.matcher("/v3/api-docs"),
                        paths.matcher("/v3/api-docs/**"))
                .permitAll();
        rules.requestMatchers(paths.matcher("/actuator/**"))
                .hasAnyRole(names(Set.of(Caller.Role.ADMIN, Caller.Role.OPERATOR)));
        contracts.stream()
                .flatMap(contract -> contract.all().stream())
                .sorted(Comparator.comparing(Operation::address))
                .forEach(operation -> rules.requestMatchers(paths.matcher(
                                operation.method(), operation.address().getPatternString()))
                        .hasAnyRole(names(operation.roles())));
        rules.anyRequest().authenticated();
    }

    private static String[] names(Set<Caller.Role> roles) {
        return roles.stream().map(Caller.Role::name).sorted().toArray(String[]::new);
    }

    private static Optional<Caller> caller(Authentication authentication, Optional<String> institution) {
        String name = authentication.getName();
        if (name == null || !Claims.isSound(name) || institution.isEmpty()) {
            return Optional.empty();
        }
        Set<Caller.Role> roles = new HashSet<>();
        for (GrantedAuthority authority : authentication.getAuthorities()) {
            for (Caller.Role role : Caller.Role.values()) {
                if (authority.getAuthority().equals("ROLE_" + role.name())) {
                    roles.add(role);
                }
            }
        }
        return Optional.of(new Caller(name, institution.get(), Set.copyOf(roles)));
    }

    private AuthenticationEntryPoint entryPoint(String challenge) {
        return (request, response, refused) -> {
            boolean nothingSent = refused instanceof InsufficientAuthenticationException;
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
            problems.write(
                    new Problem(
                            ProblemCode.UNAUTHENTICATED,
                            nothingSent
                                    ? "No credentials were sent. Send them as the header WWW-Authenticate says."
                                    : "The credentials are wrong or have expired. Send valid ones."),
                    request,
                    response);
        };
    }

    private AccessDeniedHandler accessDenied() {
        return (request, response, denied) -> problems.write(
                new Problem(
                        ProblemCode.FORBIDDEN,
                        "Your roles do not include this call. The contract at /v3/api-docs names those that do, as"
                                + " x-roles."),
                request,
                response);
    }

    /**
     * Camel answers on its own thread while the servlet's thread still walks back through the filters: security headers
     * written on that way would meet the answer's own in a response that is not made for two threads.
     */
    private static final class EagerHeaders implements ObjectPostProcessor<HeaderWriterFilter> {

        @Override
        public <O extends HeaderWriterFilter> O postProcess(O filter) {
            filter.setShouldWriteHeadersEagerly(true);
            return filter;
        }
    }
}
