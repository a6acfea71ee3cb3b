package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.pipeline.OAuth1.Credentials;
import org.junit.jupiter.api.Test;

/** Signatures that others published, so that what we sign is what they check. */
class OAuth1Tests {

    /** OAuth Core 1.0, appendix A.5. */
    @Test
    void signsTheExampleOfTheSpecification() {
        assertThat(OAuth1.authorization(
                        "GET",
                        URI.create("http://photos.example.net/photos?file=vacation.jpg&size=original"),
                        "",
                        new Credentials("dpf43f3p2l4k3l03", "kd94hf93k423kf44", "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
                        "1191242096",
                        "kllo9940pd9333jh"))
                .startsWith("OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", ")
                .contains("oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\"");
    }

    /** RFC 5849, 1.2: the request of a token, by the consumer alone. */
    @Test
    void signsForTheConsumerAlone() {
        assertThat(OAuth1.authorization(
                        "post",
                        URI.create("HTTPS://Photos.Example.net:443/initiate"),
                        "",
                        new Credentials("dpf43f3p2l4k3l03", "kd94hf93k423kf44", null, null),
                        "137131200",
                        "wIjqoxSuiQ"))
                .doesNotContain("oauth_token=")
                .isEqualTo(OAuth1.authorization(
                        "POST",
                        URI.create("https://photos.example.net/initiate"),
                        "",
                        new Credentials("dpf43f3p2l4k3l03", "kd94hf93k423kf44", "", ""),
                        "137131200",
                        "wIjqoxSuiQ"));
    }

    /** Computed by another implementation (Python's hmac and urllib.parse). */
    @Test
    void coversFormAndQueryWithWhatBothEncode() {
        assertThat(OAuth1.authorization(
                        "POST",
                        URI.create("https://Apps.example:8443/services/x?fields=id%7Cname&a+b="),
                        "status=Dzie%C5%84+dobry+%2B+%7E*%21",
                        new Credentials("consumer", "zażó&", "token", "ł ?"),
                        "1318622958",
                        "nonce"))
                .endsWith(", oauth_signature=\"6XgRron41T42PZEeKDJjwk3bSrk%3D\"");
    }

    @Test
    void coversTheQueryThatIsSent() {
        assertThat(signed("https://apps.example/services?term_ids=2024Z%7C2024L"))
                .isEqualTo(signed("https://apps.example/services?term_ids=2024Z|2024L".replace("|", "%7c")))
                .isNotEqualTo(signed("https://apps.example/services?term_ids=2024Z"))
                .isNotEqualTo(signed("https://apps.example/services?term_ids=2024L%7C2024Z"));
    }

    @Test
    void takesTimeAndANewNonceForEachRequest() {
        OAuth1 oauth1 = new OAuth1(Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));

        assertThat(signed(oauth1))
                .contains("oauth_timestamp=\"1700000000\"", "oauth_token=\"tok\"")
                .isNotEqualTo(signed(oauth1));
    }

    private static String signed(OAuth1 oauth1) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("method", "GET");
        exchange.setVariable("url", "https://apps.example/services/users/user?fields=id");
        exchange.setVariable("consumerKey", "key");
        exchange.setVariable("consumerSecret", "secret");
        exchange.setVariable("token", "tok");
        exchange.setVariable("tokenSecret", "ken");
        oauth1.sign(exchange);
        return exchange.getVariable("authorization", String.class);
    }

    private static String signed(String url) {
        return OAuth1.authorization("GET", URI.create(url), "", new Credentials("k", "s", "t", "u"), "1", "n");
    }
}
