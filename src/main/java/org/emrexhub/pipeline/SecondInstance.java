package org.emrexhub.pipeline;

/** Another hub uses this database, and one of the two has an embedded broker that the other can't see. */
public class SecondInstance extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SecondInstance() {
        super(
                "Another hub uses this database at this moment, and one of the two has an embedded broker: let both use one"
                        + " external broker (spring.artemis.mode=native, spring.artemis.broker-url), or stop the other hub.");
    }
}
