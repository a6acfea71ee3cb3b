package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.junit.jupiter.api.Test;

/** Records that stand one in the other: some levels are studies, thousands would keep the hub busy for hours. */
class NestedRecordsTests {

    private static final int MANY = 1_900;

    private final RegisterMapping mapping = new RegisterMapping(new Stylesheets(MappingFolders.HOME));

    @Test
    void mapsRowsThatAreNestedAsStudiesAre() {
        assertThat(map("sql-view", rows(40)).mapped()).hasSize(40);
    }

    @Test
    void refusesALongChainOfRows() {
        assertThat(refused("sql-view", rows(MANY))).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void mapsAttainmentsThatAreNestedAsStudiesAre() {
        assertThat(map("fi-virta", attainments(40, 1)).mapped()).hasSize(40);
    }

    @Test
    void refusesALongChainOfAttainments() {
        assertThat(refused("fi-virta", attainments(MANY, 1))).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void refusesAttainmentsOfWhichEachContainsTheOthers() {
        assertThat(refused("fi-virta", attainments(60, 60))).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    private FailureCode refused(String register, String answer) {
        return catchThrowableOfType(HubFailure.class, () -> map(register, answer))
                .code();
    }

    private MappingResult map(String register, String answer) {
        MappingFolders folder = MappingFolders.register(register);
        return mapping.map(folder.mapping(), answer.getBytes(StandardCharsets.UTF_8), folder.parameters());
    }

    /** Each row is a part of the one before. */
    private static String rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> """
                        {"credit_id": "c%d", "parent_credit_id": "c%d", "issuer_schac": "a.example", "issuer_title": "A",
                         "issuer_url": "https://a.example", "title_local": "A", "title_lang": "fi",
                         "result_status": "passed"}""".formatted(n, n - 1))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Each attainment contains the {@code parts} that come after it, from the last on to the first again. */
    private static String attainments(int count, int parts) {
        return IntStream.range(0, count)
                .mapToObj(n -> """
                        <virta:Opintosuoritus avain="a%d" koulutusmoduulitunniste="A-%d" opiskelijaAvain="x">
                        <virta:SuoritusPvm>2024-05-17</virta:SuoritusPvm>
                        <virta:Laajuus><virta:Opintopiste>10</virta:Opintopiste></virta:Laajuus>
                        <virta:Arvosana><virta:Viisiportainen>4</virta:Viisiportainen></virta:Arvosana>
                        <virta:Myontaja>10089</virta:Myontaja><virta:Laji>2</virta:Laji>
                        <virta:Nimi kieli="fi">A</virta:Nimi><virta:Kieli>fi</virta:Kieli>%s
                        </virta:Opintosuoritus>""".formatted(n, n, contained(n, count, parts)))
                .collect(Collectors.joining("", """
                        <hub:answers xmlns:hub="urn:emrexhub:mapping:1" xmlns:luku="http://tietovaranto.csc.fi/luku"
                            xmlns:virta="urn:mace:funet.fi:virta/2015/09/01"><luku:OpiskelijanKaikkiTiedotResponse>
                        <virta:Virta><virta:Opiskelija avain="x"><virta:Opintosuoritukset>""", """
                        </virta:Opintosuoritukset></virta:Opiskelija></virta:Virta>
                        </luku:OpiskelijanKaikkiTiedotResponse></hub:answers>"""));
    }

    private static String contained(int from, int count, int parts) {
        return IntStream.rangeClosed(from + 1, from + parts)
                .filter(n -> parts > 1 || n < count)
                .mapToObj(n -> "<virta:Sisaltyvyys sisaltyvaOpintosuoritusAvain=\"a" + n % count
                        + "\"><virta:Opintopiste>1</virta:Opintopiste></virta:Sisaltyvyys>")
                .collect(Collectors.joining());
    }
}
