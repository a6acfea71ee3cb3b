package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the API's contract to anybody: it holds no secret. */
@RestController
class ContractPage {

    private final Contract api;
    private final Optional<Contract> demo;

    ContractPage(@Qualifier("apiContract") Contract api, @Qualifier("demoContract") Optional<Contract> demo) {
        this.api = api;
        this.demo = demo;
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode api() {
        return api.document();
    }

    @GetMapping(path = "/v3/api-docs/demo", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode demo() {
        return demo.map(Contract::document)
                .orElseThrow(() -> new Problem(
                        ProblemCode.NOT_FOUND, "The demo calls exist in the profile demo only; see /v3/api-docs."));
    }
}
