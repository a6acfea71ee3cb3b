package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

@ExtendWith(OutputCaptureExtension.class)
class IssuerOutageTests {

    private final IssuerOutage outage = new IssuerOutage(new ProblemWriter(List.of()));

    @AfterEach
    void forgetCaller() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void answersThatTheHubIsUnavailableAndSaysSoOnce(CapturedOutput output) throws Exception {
        FilterChain wrongIssuer = (request, response) -> {
            throw new JwtDecoderInitializationException(
                    "Failed to lazily resolve", new IllegalStateException("The Issuer \"x/\" did not match \"x\""));
        };
        FilterChain noKeys = (request, response) -> {
            throw new AuthenticationServiceException("no keys");
        };
        FilterChain sound = (request, response) -> SecurityContextHolder.getContext()
                .setAuthentication(new JwtAuthenticationToken(Jwt.withTokenValue("t")
                        .header("alg", "none")
                        .subject("s")
                        .build()));

        for (FilterChain chain : List.of(wrongIssuer, noKeys)) {
            MockHttpServletResponse response = call(chain);

            assertThat(response.getStatus()).isEqualTo(503);
            assertThat(response.getHeader("Retry-After")).isEqualTo("5");
            assertThat(response.getContentAsString()).contains("\"code\":\"hub_unavailable\"");
        }
        assertThat(call(sound).getStatus()).isEqualTo(200);
        assertThat(call(sound).getStatus()).isEqualTo(200);

        assertThat(output.getAll().lines().filter(line -> line.contains("Tokens can")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("WARN", "The Issuer \"x/\" did not match \"x\""),
                        line -> assertThat(line).contains("INFO", "Tokens can be checked again"));
    }

    private MockHttpServletResponse call(FilterChain chain) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        outage.doFilter(new MockHttpServletRequest("GET", "/api/v1/transfers"), response, chain);
        return response;
    }
}
