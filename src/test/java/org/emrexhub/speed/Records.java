package org.emrexhub.speed;

import java.nio.charset.StandardCharsets;

/** What the bench register knows of a student: the same invented courses for everybody, under each one's own number. */
final class Records {

    private static final String NUMBER = "000000000";
    private static final int BYTES_PER_COURSE = 850;

    private final byte[] answer;
    private final int place;

    private Records(String answer) {
        this.answer = answer.getBytes(StandardCharsets.UTF_8);
        this.place = answer.indexOf(NUMBER);
    }

    /** So many courses; 25 make a signed document of 20 KB. */
    static Records courses(int count) {
        return of(count, "");
    }

    /** So many courses with a description each, which together make a document of this size. */
    static Records described(int count, int bytes) {
        return of(count, "Measure. ".repeat(Math.max(1, (bytes / count - BYTES_PER_COURSE) / 9)));
    }

    private static Records of(int count, String description) {
        StringBuilder text = new StringBuilder(
                "<student number='" + NUMBER + "' given='Testi Mittari' family='Esimerkki' born='2000-01-02'>");
        for (int n = 1; n <= count; n++) {
            text.append("<course id='A-")
                    .append(n)
                    .append("' code='MEA-")
                    .append(1000 + n)
                    .append("' points='5' grade='")
                    .append(1 + n % 5)
                    .append("' date='2025-05-0")
                    .append(1 + n % 9)
                    .append("' language='en'><title language='en'>Measurement in practice, part ")
                    .append(n)
                    .append("</title><title language='fi'>Mittaamisen käytäntö, osa ")
                    .append(n)
                    .append("</title>");
            if (!description.isEmpty()) {
                text.append("<description>").append(description).append("</description>");
            }
            text.append("</course>");
        }
        return new Records(text.append("</student>").toString());
    }

    byte[] of(String number) {
        byte[] own = answer.clone();
        System.arraycopy(number.getBytes(StandardCharsets.US_ASCII), 0, own, place, NUMBER.length());
        return own;
    }
}
