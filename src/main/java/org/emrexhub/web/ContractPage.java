package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the API's contract to anybody: it holds no secret. */
@RestController
class ContractPage {

    private final Contract contract;

    ContractPage(@Qualifier("apiContract") Contract contract) {
        this.contract = contract;
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode document() {
        return contract.document();
    }
}
