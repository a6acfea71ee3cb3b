package org.emrexhub.demo;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.emrexhub.demo.DemoTransfer.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What the demo tells about itself and its first transfer: plain words, plain letters, commands that can be pasted as they
 * stand.
 */
final class DemoStory {

    /** Columns that a line of prose may take. */
    static final int WIDTH = 100;

    private static final String INDENT = "  ";
    private static final String COMMAND = "     ";
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private final Place place;
    private final ZoneId zone;

    DemoStory(Place place, ZoneId zone) {
        this.place = place;
        this.zone = zone;
    }

    /**
     * Where the hub is.
     *
     * @param origin scheme, host and port
     * @param here the working directory; paths under it are shown relative to it
     * @param data the folder of all that the hub writes
     * @param certificate what the demo's signatures are verified with; {@code null} if it is not the demo's own
     * @param inbox where the file drop puts documents
     * @param fileDropRequest a request that can be sent with curl
     * @param sisuRequest a request that can be sent with curl
     * @param registers ids
     * @param sis ids
     */
    record Place(
            String origin,
            Path here,
            Path data,
            @Nullable Path certificate,
            Path inbox,
            Path fileDropRequest,
            Path sisuRequest,
            List<String> registers,
            List<String> sis) {

        String api() {
            return origin + "/api/v1";
        }
    }

    /** What the hub is, and that a transfer is on its way. */
    List<String> opening() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(prose(
                "",
                "The EMREX hub is up. It pulls study records from registers, signs them as one ELMO document, and"
                        + " delivers them to student information systems (SIS)."));
        lines.add("");
        lines.add("  API        " + place.api());
        lines.add("  Contract   " + place.origin() + "/v3/api-docs");
        lines.add("  Users      client, operator, officer, integrator, admin; each with the password demo");
        lines.add("  Registers  " + String.join(", ", place.registers()));
        lines.add("  SIS        " + String.join(", ", place.sis()));
        lines.add("  Data       " + shown(place.data()) + "  (database, broker, keys, dropped files, logs)");
        lines.add("");
        lines.addAll(prose(
                "",
                "What stands around it is simulated. A first transfer is on its way: the records of Testi Maija Elina"
                        + " Esimerkki, who is invented, from the registers fi-virta and sql-view to Sisu."));
        lines.add("");
        return lines;
    }

    /** One line of the timeline. */
    List<String> event(DemoTransfer.Event event) {
        return prose(INDENT, TIME.format(event.at().atZone(zone)) + "  " + event.text());
    }

    /** The hub did not take its own request. */
    List<String> refused(String code, String detail) {
        List<String> lines = new ArrayList<>(prose(
                "", "The hub refused its own first transfer (" + (code.isBlank() ? "no code" : code) + "). " + detail));
        lines.addAll(logs());
        lines.addAll(next(null));
        return lines;
    }

    /** The hub could not be asked at all. */
    List<String> unreachable() {
        List<String> lines = new ArrayList<>(prose(
                "",
                "The first transfer could not be followed: the hub does not answer at " + place.api()
                        + ". If it has stopped, start it again; if not, look for a firewall between this machine and"
                        + " itself."));
        lines.addAll(logs());
        lines.addAll(last());
        return lines;
    }

    /** The demo itself did not get through. */
    List<String> defect() {
        List<String> lines =
                new ArrayList<>(prose("", "The hub is up, but the demo could not tell of its first transfer."));
        lines.addAll(logs());
        lines.addAll(next(null));
        return lines;
    }

    /**
     * How the transfer ended, and what can be done now.
     *
     * @param received how many of its credits the simulated Sisu shows
     * @param elmo where the signed document was written; {@code null} if there is none
     * @param paused systems that an operator paused, such as {@code sis/sisu}
     */
    List<String> ending(DemoTransfer transfer, long received, @Nullable Path elmo, List<String> paused) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(outcome(transfer, received, paused));
        if (elmo != null) {
            lines.add("");
            lines.add("  Signed ELMO  " + shown(elmo));
            lines.add("  also at      " + place.api() + "/transfers/" + transfer.id() + "/elmo");
            if (place.certificate() != null) {
                lines.add("  Certificate  " + shown(place.certificate()));
                lines.add("  Verify it    xmlsec1 --verify --enabled-key-data rsa --pubkey-cert-pem \\");
                lines.add("                 " + word(place.certificate()) + " \\");
                lines.add("                 " + word(elmo));
            }
        }
        lines.addAll(next(transfer.id()));
        return lines;
    }

    private List<String> outcome(DemoTransfer transfer, long received, List<String> paused) {
        return switch (transfer.status()) {
            case "DELIVERED" -> prose("", "Delivered. " + credits(transfer, received));
            case "DEAD_LETTERED" -> dead(transfer, transfer.failure());
            case "QUEUED", "WAITING_RETRY" -> underWay(transfer, paused);
            default ->
                prose("", "The transfer stopped in the stage " + transfer.stage() + " as " + transfer.status() + ".");
        };
    }

    private static String credits(DemoTransfer transfer, long received) {
        long accepted = transfer.count("ACCEPTED");
        long before = transfer.count("DUPLICATE");
        if (accepted == 0) {
            return "Nothing was sent this time: Sisu has had all " + credits(before)
                    + " since an earlier start with this data folder, and no credit is delivered twice. (The hub"
                    + " remembers; the simulated Sisu forgets what it has when it stops.)";
        }
        String arrived = accepted == received
                ? credits(accepted) + " arrived at the simulated Sisu."
                : "Sisu accepted " + credits(accepted) + "; the simulator shows " + received + " of them.";
        return before == 0
                ? arrived
                : arrived + " " + credits(before) + " had been there before, and no credit is delivered twice.";
    }

    private static String credits(long count) {
        return count + (count == 1 ? " credit" : " credits");
    }

    private List<String> dead(DemoTransfer transfer, @Nullable Failure failure) {
        List<String> lines = new ArrayList<>(prose(
                "",
                "Not delivered: the transfer is a dead letter, stopped in the stage " + transfer.stage()
                        + " with the code " + (failure == null ? "(none)" : failure.code()) + "."));
        if (failure != null) {
            lines.add("");
            lines.addAll(prose(INDENT, "What failed  " + failure.message()));
            lines.addAll(prose(INDENT, "What to do   " + failure.next()));
        }
        lines.add("  Replay it    " + curl("operator") + "-H 'Content-Type: application/json' -d '{}' \\");
        lines.add("                 " + place.api() + "/dead-letters/" + transfer.id() + "/replay");
        return lines;
    }

    private List<String> underWay(DemoTransfer transfer, List<String> paused) {
        List<String> lines = new ArrayList<>(prose(
                "",
                "Not delivered yet: the transfer waits in the stage " + transfer.stage() + " (" + transfer.status()
                        + "). The hub goes on with it by itself."));
        for (String system : paused) {
            lines.addAll(prose("", "Its way leads over " + system + ", which an operator paused. Resume it:"));
            lines.add(COMMAND + curl("operator") + "-X POST " + place.api() + "/" + system + "/resume");
        }
        return lines;
    }

    private List<String> logs() {
        return prose("", "The cause stands in " + shown(place.data().resolve("logs/hub.log")) + ".");
    }

    private List<String> next(@Nullable String id) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("The next three things to type, in a second terminal:");
        if (place.data().startsWith(place.here())) {
            lines.add(COMMAND + "cd " + word(place.here().toString()));
        }
        lines.add("");
        lines.addAll(numbered(1, "Look at the transfer, and at the report of what was mapped and skipped:"));
        if (id == null) {
            lines.add(COMMAND + curl("client") + place.api() + "/transfers");
        } else {
            String transfer = place.api() + "/transfers/" + id;
            lines.addAll(List.of(COMMAND + curl("client") + "\\", COMMAND + "  " + transfer));
            lines.addAll(List.of(COMMAND + curl("client") + "\\", COMMAND + "  " + transfer + "/report"));
        }
        lines.add("");
        lines.addAll(
                numbered(2, "Send another transfer, of a learner with nested credits, and look into the drop folder:"));
        lines.addAll(send(place.fileDropRequest()));
        lines.add(COMMAND + "sleep 5; ls -l " + word(place.inbox()));
        lines.add("");
        lines.addAll(numbered(
                3,
                "Break it: stop Sisu, send a transfer, and find it among the dead letters. The demo gives up after"
                        + " 10 seconds. How to start Sisu and replay: README, \"Break it and replay\"."));
        lines.add(COMMAND + curl("operator") + "-X POST " + place.api() + "/demo/sis/sisu/stop");
        lines.addAll(send(place.sisuRequest()));
        lines.add(COMMAND + "sleep 20; " + curl("operator") + place.api() + "/dead-letters/groups");
        lines.addAll(last());
        return lines;
    }

    private static List<String> numbered(int number, String text) {
        return prose(INDENT + number + ". ", text);
    }

    private List<String> send(Path request) {
        return List.of(
                COMMAND + curl("client") + place.api() + "/transfers \\",
                COMMAND + "  -H 'Content-Type: application/json' -H \"Idempotency-Key: $(date +%s)\" \\",
                COMMAND + "  -d @" + word(request));
    }

    /** A call that ends its answer with a line of its own. */
    private static String curl(String user) {
        return "curl -sw '\\n' -u " + user + ":demo ";
    }

    private static List<String> last() {
        return List.of("", "The hub stays up. Stop with Ctrl+C.", "");
    }

    private String shown(Path path) {
        Path absolute = place.here().resolve(path).normalize();
        return absolute.startsWith(place.here()) && !absolute.equals(place.here())
                ? place.here().relativize(absolute).toString()
                : absolute.toString();
    }

    private String word(Path path) {
        return word(shown(path));
    }

    /** One word for the shell. */
    private static String word(String text) {
        return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Text in lines; those after the first are indented as far as the first one's words. */
    private static List<String> prose(String start, String text) {
        String hang = " ".repeat(start.length() + hanging(text));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(start);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(hang);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }

    /** Where the text after a label and two or more spaces begins. */
    private static int hanging(String text) {
        int gap = text.indexOf("  ");
        int after = gap;
        while (after >= 0 && after < text.length() && text.charAt(after) == ' ') {
            after++;
        }
        return Math.max(after, 0);
    }
}
