package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the contract of the calls that only the demo has. */
@RestController
@Profile("demo")
class DemoContractPage {

    private final Contract contract;

    DemoContractPage(@Qualifier("demoContract") Contract contract) {
        this.contract = contract;
    }

    @GetMapping(path = "/v3/api-docs/demo", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode document() {
        return contract.document();
    }
}
