package org.emrexhub.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.RouteNames;
import org.emrexhub.signature.SigningKeyFault;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Why the hub did not start, in sentences for a person.
 *
 * @param sentences one for each thing to mend
 * @param defect whether nobody foresaw it, so that the stack trace must stand in the log
 */
record StartFailure(List<String> sentences, boolean defect) {

    /** H2, DATABASE_ALREADY_OPEN_1: another process holds the file. */
    private static final int H2_ALREADY_OPEN = 90020;

    private static final Pattern ROUTE_ID = Pattern.compile("[Ff]ailed to (?:create|start) route:? ([a-z0-9-]+)");
    private static final Pattern STEP = Pattern.compile(">>> (.{1,80}?) <<<");
    private static final int LONGEST_REASON = 300;

    /** Finds what a person must know in the causes of an exception. */
    static StartFailure of(Throwable thrown, Environment environment) {
        for (Throwable cause : causes(thrown)) {
            Optional<List<String>> known = known(cause, environment);
            if (known.isPresent()) {
                return new StartFailure(known.get(), false);
            }
        }
        Optional<String> route = route(thrown, environment);
        if (route.isPresent()) {
            return new StartFailure(List.of(route.get()), false);
        }
        String log = environment.getProperty("logging.file.name", "");
        return new StartFailure(
                List.of("The hub met a defect of its own while starting; see "
                        + (log.isBlank() ? "the log" : Fault.shown(Path.of(log))) + " and report it."),
                true);
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (@Nullable Throwable cause = thrown; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static Optional<List<String>> known(Throwable cause, Environment environment) {
        if (cause instanceof HomeFaults home) {
            return Optional.of(home.faults().stream().map(Fault::toString).toList());
        }
        if (cause instanceof SigningKeyFault key) {
            return Optional.of(List.of(String.valueOf(key.getMessage())));
        }
        if (cause instanceof PlaceholderResolutionException unset) {
            return Optional.of(List.of("The variable " + unset.getPlaceholder()
                    + ", which a setting names, is not set; set it in the environment, or correct the setting."));
        }
        if (cause instanceof PortInUseException port) {
            return Optional.of(List.of(port(port.getPort(), environment)));
        }
        if (cause instanceof SQLException sql) {
            return database(sql, environment).map(List::of);
        }
        if (cause instanceof BindValidationException invalid) {
            return Optional.of(invalid.getValidationErrors().getAllErrors().stream()
                    .map(error ->
                            setting(invalid.getValidationErrors().getName().toString(), error))
                    .toList());
        }
        if (cause instanceof BindException bind && !(bind.getCause() instanceof BindValidationException)) {
            return Optional.of(List.of(bind.getName() + " has a value that the hub can't read as "
                    + kind(bind.getTarget().getType().toClass()) + "."));
        }
        return Optional.empty();
    }

    private static String kind(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == Duration.class) {
            return "a duration such as 30s";
        }
        String name = type.getSimpleName();
        return ("AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
    }

    private static String port(int port, Environment environment) {
        String management = environment.getProperty("management.server.port", "");
        String setting = management.equals(String.valueOf(port)) ? "management.server.port" : "server.port";
        return Ports.inUse(port, setting).sentence();
    }

    private static String setting(String prefix, ObjectError error) {
        String key = error instanceof FieldError field ? prefix + "." + kebab(field.getField()) : prefix;
        return key + " " + error.getDefaultMessage() + ".";
    }

    private static String kebab(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> database(SQLException sql, Environment environment) {
        if (sql.getErrorCode() == H2_ALREADY_OPEN) {
            return Optional.of(DataFolder.inUse(DataFolder.path(environment)).toString());
        }
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        String url = environment.getProperty("spring.datasource.url", "").replaceAll("[?;].*", "");
        if (state.startsWith("08")) {
            return Optional.of(
                    "The database " + url + " can't be reached; is it up, and is spring.datasource.url right?");
        }
        if (state.startsWith("28")) {
            return Optional.of("The database " + url
                    + " refused the hub; see spring.datasource.username and spring.datasource.password.");
        }
        if (state.equals("3D000") || sql.getErrorCode() == 90146) {
            return Optional.of("The database " + url + " does not exist; make it, or correct spring.datasource.url.");
        }
        if (state.equals("42501")) {
            return Optional.of("The database " + url + " lets the hub's user make no tables; let "
                    + environment.getProperty("spring.datasource.username", "the hub's user")
                    + " own the database, as docs/operate.md shows under \"Configure it for production\".");
        }
        return Optional.empty();
    }

    /** Camel's own refusal of a route; told apart by name, since only routes and signature know Camel. */
    private static Optional<String> route(Throwable thrown, Environment environment) {
        List<Throwable> causes = causes(thrown);
        boolean camel =
                causes.stream().anyMatch(cause -> cause.getClass().getName().startsWith("org.apache.camel."));
        if (!camel) {
            return Optional.empty();
        }
        String reason = reason(causes.get(causes.size() - 1));
        for (Throwable cause : causes) {
            Matcher matcher = ROUTE_ID.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                String id = matcher.group(1);
                return Optional.of(RouteNames.file(Path.of(environment.getProperty("emrexhub.home", ".")), id)
                                .map(Fault::shown)
                                .orElse("Route " + id)
                        + ": Camel can't use this route" + step(String.valueOf(cause.getMessage())) + ": " + reason);
            }
        }
        return Optional.of("Camel can't use the routes: " + reason);
    }

    private static String step(String message) {
        Matcher matcher = STEP.matcher(message);
        return matcher.find() ? " at " + matcher.group(1) : "";
    }

    private static String reason(Throwable root) {
        String message = String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
        return message.length() > LONGEST_REASON
                ? message.substring(0, LONGEST_REASON) + " …"
                : message.replaceAll("\\.$", "") + ".";
    }
}
