package org.emrexhub.web;

import java.time.Duration;
import java.util.List;
import org.emrexhub.demo.Simulators;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The demo's calls: break a simulated system, look at what it received. */
@Component
@Profile("demo")
public class SimulatorsApi {

    private final Simulators simulators;

    SimulatorsApi(Simulators simulators) {
        this.simulators = simulators;
    }

    /** Stops a simulated register. */
    public Answer stopRegister(ApiRequest request) {
        simulators.stopRegister(request.systemId());
        return Answer.ok(new Simulator(request.systemId(), false));
    }

    /** Starts a simulated register again. */
    public Answer startRegister(ApiRequest request) {
        simulators.startRegister(request.systemId());
        return Answer.ok(new Simulator(request.systemId(), true));
    }

    /** Stops a simulated student information system. */
    public Answer stopSis(ApiRequest request) {
        simulators.stopSis(request.systemId());
        return Answer.ok(new Simulator(request.systemId(), false));
    }

    /** Starts a simulated student information system again. */
    public Answer startSis(ApiRequest request) {
        simulators.startSis(request.systemId());
        return Answer.ok(new Simulator(request.systemId(), true));
    }

    /** What a simulated student information system received. */
    public Answer received(ApiRequest request) {
        return Answer.ok(new Received(simulators.received(request.systemId())));
    }

    /** Makes a simulated student information system behave in some way; what is not said is as it should be. */
    public Answer behave(ApiRequest request) {
        String delay = request.text("delay");
        Simulators.Behaviour behaviour = new Simulators.Behaviour(
                delay == null ? Duration.ZERO : DurationStyle.SIMPLE.parse(delay),
                request.body().path("loseAnswers").asBoolean(),
                request.text("refuse"));
        simulators.behave(request.systemId(), behaviour);
        return Answer.ok(new Behaving(request.systemId(), delay, behaviour.loseAnswers(), behaviour.refuse()));
    }

    private record Simulator(String id, boolean running) {}

    private record Behaving(
            String id,
            @Nullable String delay,
            boolean loseAnswers,
            @Nullable String refuse) {}

    private record Received(List<Simulators.Received> items) {}
}
