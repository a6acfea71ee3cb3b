package org.emrexhub.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class HomeCheckTests {

    private static final String REGISTER = "routes/registers/xx-register/register.yaml";
    private static final String PULL = "routes/registers/xx-register/pull.camel.yaml";
    private static final String SIS = "routes/sis/xx-sis/sis.yaml";
    private static final String PUSH = "routes/sis/xx-sis/push.camel.yaml";

    private TempHome home;
    private final MockEnvironment environment =
            new MockEnvironment().withProperty("server.port", "8123").withProperty("emrexhub.data", "/data");

    @BeforeEach
    void soundHome(@TempDir Path folder) {
        home = TempHome.sound(folder);
        environment.setActiveProfiles("demo");
    }

    private List<String> faults() {
        return HomeCheck.check(home.path(), environment).faults().stream()
                .map(fault -> fault.toString().replace(home.path() + "/", ""))
                .toList();
    }

    @Test
    void readsSoundHome() {
        environment.setProperty("emrexhub.registers.xx-register.row-limit", "12");

        HomeCheck.Result result = HomeCheck.check(home.path(), environment);

        assertThat(result.faults()).isEmpty();
        Register register = result.catalog().register("xx-register").orElseThrow();
        assertThat(register.timeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(register.identifiers())
                .hasEntrySatisfying(
                        "studentNumber", pattern -> assertThat("123456").matches(pattern));
        assertThat(register.settings())
                .isEqualTo(Map.of(
                        "url", "http://127.0.0.1:8123/simulators/xx-register", "key", "geheim", "row-limit", "12"));
        assertThat(register.parameters()).doesNotContainKey("key").containsKeys("url", "row-limit");
        Sis sis = result.catalog().sis("xx-sis").orElseThrow();
        assertThat(sis.settings()).containsEntry("folder", "/data/out");
        assertThat(sis.batchMax()).isEqualTo(7);
        assertThat(sis.allOrNothing()).isTrue();
        assertThat(sis.requires()).isEqualTo(Set.of(Sis.Requirement.TARGET_ID));
        assertThat(sis.onUnknown()).isEqualTo(Sis.OnUnknown.VERIFY);
        assertThat(sis.targetId()).isEqualTo("emrex-{creditKey}");
        assertThat(sis.mapping()).isEmpty();
        assertThat(result.defaults())
                .containsEntry("emrexhub.registers.xx-register.key", "geheim")
                .containsEntry("emrexhub.registers.xx-register.note", "")
                .doesNotContainKey("emrexhub.registers.xx-register.row-limit");
    }

    @Test
    void namesEveryRequiredSettingWithoutValueOutsideDemo() {
        environment.setActiveProfiles();
        environment.setProperty("emrexhub.registers.xx-register.row-limit", "many");

        assertThat(faults())
                .containsExactly(
                        "emrexhub.registers.xx-register.url is missing: Address of the register, such as"
                                + " https://register.example.org (declared in " + REGISTER + ":5).",
                        "emrexhub.registers.xx-register.key is missing: Key of the hub (declared in " + REGISTER
                                + ":10).",
                        "emrexhub.registers.xx-register.row-limit must be a whole number.");
    }

    @Test
    void leavesOutWhatNoSettingNamesOutsideDemo() {
        environment.setActiveProfiles();
        environment.setProperty("emrexhub.registers.xx-register.url", "https://register.example.org");
        environment.setProperty("emrexhub.registers.xx-register.key", "geheim");
        home.copied("registers/xx-register", "registers/yy-register");

        HomeCheck.Result result = HomeCheck.check(home.path(), environment);

        assertThat(result.faults()).isEmpty();
        assertThat(result.catalog().registers()).extracting(Register::id).containsExactly("xx-register");
        assertThat(result.unused()).containsExactly(home.path().resolve("routes/registers/yy-register"));
        assertThat(result.defaults()).containsEntry("emrexhub.registers.yy-register.key", "");
        // Its folder has a default, so it needs no setting.
        assertThat(result.catalog().sis()).extracting(Sis::id).containsExactly("xx-sis");
    }

    @Test
    void asksForEveryFolderOutsideDemoIfNoSettingNamesAny() {
        environment.setActiveProfiles();
        home.copied("registers/xx-register", "registers/yy-register");

        assertThat(faults())
                .anyMatch(fault -> fault.startsWith("emrexhub.registers.xx-register.key is missing"))
                .anyMatch(fault -> fault.startsWith("emrexhub.registers.yy-register.key is missing"));
    }

    @Test
    void tellsAllFaultsOfDescriptorsAtOnce() {
        home.with(REGISTER, """
                        tittle: Register
                        description: [of, Exampleland]
                        required: [url, token]
                        properties:
                          url: { type: text, title: Address }
                          Row_Limit: { type: integer, title: Rows, default: many }
                          port: { type: string, title: Port, demo: "{{no.such.key}}" }
                        identifiers:
                          studentNumber: { pattern: '[0-9' }
                          shoeSize: { pattern: '.*' }
                        format: csv
                        records: //y:credit
                        recordRef: concat(
                        timeout: 20
                        datasource: perhaps
                        """)
                .with(SIS, """
                        title: Students
                        description: Invented.
                        mode: GUESS
                        requires: [luck]
                        batch: { max: 0, size: 3 }
                        onUnknown: verify
                        settle: soon
                        targetId: emrex
                        """)
                .without("routes/sis/xx-sis/verify.camel.yaml")
                .spoilt(PUSH, "sis-xx-sis-verify", "sis-xx-sis-push")
                .with("routes/registers/XX_Second/register.yaml", "title: [\n")
                .with("routes/sis/empty/README.md", "")
                .with("mappings/sis/xx-sys/from-elmo.xsl", "<none/>")
                .without("mappings/registers/xx-register/to-elmo.xsl")
                .with("mappings/registers/xx-register/other.xsl", "")
                .with(PULL, TempHome.route("register-xx-register-pull", "- stop: { id: end }"));

        assertThat(faults())
                .contains(
                        REGISTER + ":1: 'title' is missing.",
                        REGISTER + ":1: 'tittle' is not a known key.",
                        REGISTER + ":2: 'description' must be a text.",
                        REGISTER + ":3: 'required' names 'token', which 'properties' does not declare.",
                        REGISTER + ":6: 'properties.Row_Limit' must be lower kebab case, such as row-limit.",
                        REGISTER + ":6: 'properties.Row_Limit.default' must be a whole number.",
                        REGISTER + ":7: 'properties.port' uses {{no.such.key}}, which is not configured.",
                        REGISTER + ":9: 'identifiers.studentNumber.pattern' is not a regular expression: Unclosed"
                                + " character class.",
                        REGISTER + ":10: 'identifiers.shoeSize' is no type of identifier; there are esi,"
                                + " nationalIdentifier, nationalLearnerId, studentNumber.",
                        REGISTER + ":14: 'timeout' must be a duration with a unit, such as 20s, 5m or 72h.",
                        REGISTER + ":15: 'datasource' must be true or false.",
                        SIS + ":3: 'mode' must be one of EVIDENCE, PROPOSE, POST.",
                        SIS + ":5: 'batch.max' must be a whole number from 1.",
                        SIS + ":5: 'batch.size' is not a known key.",
                        SIS + ":7: 'settle' must be a duration with a unit, such as 20s, 5m or 72h.",
                        SIS + ":8: 'targetId' must contain {creditKey}: without it every item would have the same id.",
                        "routes/sis/xx-sis: has no verify.camel.yaml: 'onUnknown: verify' asks the target by it.",
                        "routes/registers/XX_Second: the folder's name must be lower kebab case, such as fi-virta.",
                        "routes/registers/XX_Second: has no pull.camel.yaml: the hub asks the register by it.",
                        "routes/sis/empty: has no sis.yaml.",
                        "routes/sis/empty: has no push.camel.yaml: the hub delivers by it.",
                        "mappings/sis/xx-sys: belongs to no folder of the same name in routes/sis.",
                        "mappings/registers/xx-register: has no to-elmo.xsl.")
                .anyMatch(fault -> fault.startsWith(REGISTER + ":5: 'properties.url.type' must be one of "))
                .anyMatch(fault -> fault.startsWith(REGISTER + ":11: 'format' must be one of "))
                .anyMatch(fault -> fault.startsWith(REGISTER + ":12: 'records' is not an XPath") && fault.contains("y"))
                .anyMatch(fault -> fault.startsWith(REGISTER + ":13: 'recordRef' is not an XPath"))
                .anyMatch(fault -> fault.startsWith(SIS + ":4: 'requires' takes only "))
                .anyMatch(fault -> fault.startsWith("routes/registers/XX_Second/register.yaml:2: is not YAML"))
                .anyMatch(fault -> fault.startsWith("routes/registers/XX_Second: has no mapping"))
                .allMatch(fault -> fault.endsWith("."));
    }

    @Test
    void tellsParametersThatAComponentDoesNotHave() {
        home.with(PULL, TempHome.route("register-xx-register-pull", """
                - to: { id: select-rows, uri: sql, parameters: { qery: select, template.maxRows: "5", onConsume: x } }
                - to: { id: sign-it, uri: xmlsecurity-sign, parameters: { name: x, disallowDoctypeDecl: perhaps } }
                - to: { id: send-off, uri: carrier-pigeon }
                """));

        assertThat(faults())
                .anySatisfy(fault -> assertThat(fault)
                        .contains("'qery' is no parameter of the component 'sql'; do you mean 'query'?"))
                .anySatisfy(fault -> assertThat(fault).contains("the endpoint 'sql' lacks 'query'."))
                .anySatisfy(
                        fault -> assertThat(fault).contains("'onConsume' has no effect here: it is for a consumer."))
                .anySatisfy(fault -> assertThat(fault).contains("'disallowDoctypeDecl' must be true or false."))
                .anySatisfy(fault -> assertThat(fault).contains("no component 'carrier-pigeon' is in this hub."));
    }

    @Test
    void tellsAllFaultsOfRoutesAtOnce() {
        home.with(PULL, """
                        - route:
                            id: fetch
                            nodePrefixId: fetch-
                            routeConfigurationId: no-policy
                            from:
                              uri: direct
                              parameters: { name: fetch }
                              steps:
                                - too:
                                    id: call
                                - setBody: { id: call, simple: "${null}" }
                                - to:
                                    id: ask
                                    uri: direct:nowhere
                                    parametrs: {}
                                - setVariable:
                                    id: number
                                    name: number
                                    constant: 3
                                - setVariable:
                                    id: keys
                                    name: keys
                                    simple: >-
                                      {{emrexhub.registers.xx-register.url}} {{emrexhub.registers.xx-register.user}}
                                      {{no.such.key}} {{no.such.key:with default}} {{?no.such.key}}
                        """)
                .with("routes/hub/1-sign.camel.yaml", TempHome.route("hub-sign", "- stop: { id: end }"))
                .with("routes/hub/2-sign.camel.yaml", TempHome.route("hub-sign", "- stop: { id: end }"))
                .with(
                        "routes/hub/3-twin.camel.yaml",
                        "- from:\n    uri: direct\n    parameters: { name: x }\n    steps: []\n")
                .with("routes/hub/4-none.camel.yaml", "- rest: { id: x }\n- from: { uri: a, steps: [] }\n  b: c\n")
                .with("routes/hub/5-broken.camel.yaml", "- route:\n    id: x\n   from: y\n")
                .with("routes/hub/6-two.camel.yaml", "- route: &a\n    id: a\n    id: b\n");

        assertThat(faults())
                .contains(
                        PULL + ":2: 'id' must be 'register-xx-register-pull', as the file's path says.",
                        PULL + ":3: 'nodePrefixId' must be 'register-xx-register-pull-', as the file's path says.",
                        PULL + ":2: the route lacks its 'description', one sentence for people.",
                        PULL + ":4: the route configuration 'no-policy' does not exist; there is failure-policy in"
                                + " routes/hub.",
                        PULL + ":7: the route answers direct:fetch, but its path makes it"
                                + " direct:register-xx-register-pull.",
                        PULL + ":9: 'too' is nothing that Camel knows in 'steps'.",
                        PULL + ":11: the step id 'call' stands here twice.",
                        PULL + ":14: calls direct:nowhere, which no route answers.",
                        PULL + ":15: 'parametrs' is nothing that Camel knows in 'to'.",
                        PULL + ":19: 'constant' must be a string (in quotes) or an object.",
                        PULL + ":23: {{emrexhub.registers.xx-register.user}} is neither declared by a descriptor nor"
                                + " configured.",
                        PULL + ":23: {{no.such.key}} is neither declared by a descriptor nor configured.",
                        "routes/hub/2-sign.camel.yaml: has the same route id 'hub-sign' as"
                                + " routes/hub/1-sign.camel.yaml.",
                        "routes/hub/3-twin.camel.yaml:1: 'from' has no place here: a file holds one '- route:'.",
                        "routes/hub/6-two.camel.yaml:3: 'id' stands here twice.")
                .doesNotContain("routes/hub/3-twin.camel.yaml: holds no '- route:'.")
                .anyMatch(fault -> fault.startsWith("routes/hub/5-broken.camel.yaml:3: is not YAML"))
                .allMatch(fault -> fault.endsWith("."));
    }

    @Test
    void tellsFaultsOfStylesheetsAndTables() {
        home.spoilt("mappings/registers/xx-register/to-elmo.xsl", "<register/>", "<xsl:value-of select=\"1 +\"/>")
                .with("mappings/registers/xx-register/code-tables.xml", """
                        <code-tables>
                          <table name="grades">
                            <row code="1"/>
                            <row code="1"/>
                            <row text="without code"/>
                          </table>
                        </code-tables>
                        """);

        assertThat(faults())
                .anyMatch(fault -> fault.startsWith("mappings/registers/xx-register/to-elmo.xsl:2: "))
                .anyMatch(fault ->
                        fault.startsWith("mappings/registers/xx-register/code-tables.xml:4: ") && fault.contains("'1'"))
                .anyMatch(fault -> fault.startsWith("mappings/registers/xx-register/code-tables.xml:5: "));
    }

    @Test
    void tellsFaultsOfStylesheetsThatRoutesName() {
        home.spoilt(PUSH, "- to:", """
                        # not the one of routes/sis/xx-sis/remark.xsl
                        - bean: { id: read-answer, ref: transform, method: "applyToJson('routes/sis/xx-sis/answer.xsl')" }
                        - bean: { id: read-more, ref: transform, method: "apply('routes/sis/xx-sis/gone.xsl')" }
                        - to:""")
                .with("routes/sis/xx-sis/answer.xsl", "<xsl:stylesheet>")
                .with("routes/sis/xx-sis/unused.xsl", "<xsl:stylesheet>");

        assertThat(faults())
                .anyMatch(fault -> fault.startsWith("routes/sis/xx-sis/answer.xsl:1: "))
                .anyMatch(
                        fault -> fault.matches(PUSH + ":\\d+: names routes/sis/xx-sis/gone.xsl, which is not there\\."))
                .noneMatch(fault -> fault.contains("remark.xsl") || fault.contains("unused.xsl"));
    }

    @Test
    void leavesSimulatorsAloneOutsideDemo() {
        home.with("routes/sis/xx-sis/simulator-slow.camel.yaml", "- broken");
        assertThat(faults()).anyMatch(fault -> fault.startsWith("routes/sis/xx-sis/simulator-slow.camel.yaml"));

        environment.setActiveProfiles();

        assertThat(faults()).noneMatch(fault -> fault.startsWith("routes/sis/xx-sis/simulator-slow.camel.yaml"));
    }
}
