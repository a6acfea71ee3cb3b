package org.emrexhub.web;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.Destinations.DestinationState;
import org.emrexhub.transfer.Destinations.Kind;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The calls about the registers and student information systems around the hub. */
@Component
public class SystemsApi {

    private final Catalog catalog;
    private final Destinations destinations;

    SystemsApi(Catalog catalog, Destinations destinations) {
        this.catalog = catalog;
        this.destinations = destinations;
    }

    /** Every register and how it stands. */
    public Answer registers() {
        return Answer.ok(new Systems(systems(Kind.REGISTER)));
    }

    /** Every student information system and how it stands. */
    public Answer sis() {
        return Answer.ok(new Systems(systems(Kind.SIS)));
    }

    /** Holds back everything for a register. */
    public Answer pauseRegister(ApiRequest request) {
        return pause(Kind.REGISTER, request);
    }

    /** Lets everything for a register go on. */
    public Answer resumeRegister(ApiRequest request) {
        return resume(Kind.REGISTER, request);
    }

    /** Holds back everything for a student information system. */
    public Answer pauseSis(ApiRequest request) {
        return pause(Kind.SIS, request);
    }

    /** Lets everything for a student information system go on. */
    public Answer resumeSis(ApiRequest request) {
        return resume(Kind.SIS, request);
    }

    private Answer pause(Kind kind, ApiRequest request) {
        String id = known(kind, request.systemId());
        destinations.pause(kind, id, request.caller());
        return one(kind, id);
    }

    private Answer resume(Kind kind, ApiRequest request) {
        String id = known(kind, request.systemId());
        destinations.resume(kind, id, request.caller());
        return one(kind, id);
    }

    private String known(Kind kind, String id) {
        if (titles(kind).containsKey(id)) {
            return id;
        }
        String list = kind == Kind.REGISTER ? "/api/v1/registers" : "/api/v1/sis";
        throw new Problem(
                ProblemCode.NOT_FOUND, "No system of this id is served here. GET " + list + " lists those that are.");
    }

    private Answer one(Kind kind, String id) {
        return Answer.ok(systems(kind).stream()
                .filter(system -> system.id().equals(id))
                .findFirst()
                .orElseThrow());
    }

    private List<OutsideSystem> systems(Kind kind) {
        Map<String, DestinationState> states =
                destinations.states(kind).stream().collect(Collectors.toMap(DestinationState::id, Function.identity()));
        return titles(kind).entrySet().stream()
                .map(title -> OutsideSystem.of(title.getKey(), title.getValue(), states.get(title.getKey())))
                .toList();
    }

    private Map<String, String> titles(Kind kind) {
        Map<String, String> titles = new LinkedHashMap<>();
        switch (kind) {
            case REGISTER -> {
                for (Register register : catalog.registers()) {
                    titles.put(register.id(), register.title());
                }
            }
            case SIS -> {
                for (Sis sis : catalog.sis()) {
                    titles.put(sis.id(), sis.title());
                }
            }
        }
        return titles;
    }

    private record Systems(List<OutsideSystem> items) {}

    private record OutsideSystem(
            String id,
            String title,
            String state,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant heldBackUntil,
            long waiting,
            long dead) {

        static OutsideSystem of(String id, String title, @Nullable DestinationState state) {
            return state == null
                    ? new OutsideSystem(id, title, "UNKNOWN", null, null, 0, 0)
                    : new OutsideSystem(
                            id,
                            title,
                            state.state(),
                            state.lastSuccessAt(),
                            state.heldBackUntil(),
                            state.waiting(),
                            state.dead());
        }
    }
}
