package org.emrexhub.transfer;

/** The names of the hub's queues: {@code hub.<stage>[.<destination>]}, dead letters the same and {@code .dead}. */
public final class Queues {

    /** Where every source of a transfer is pulled and it waits to be mapped. */
    public static final String MAP = "hub.map";

    /** Where the end of a hold is announced. */
    public static final String EXPIRE = "hub.expire";

    /** The broker's own dead letter address: a message that no consumer could take. */
    public static final String UNPROCESSABLE = "hub.unprocessable";

    private static final String PULL_PREFIX = "hub.pull.";
    private static final String DELIVER_PREFIX = "hub.deliver.";
    private static final String DEAD_SUFFIX = ".dead";

    private Queues() {}

    /** The queue of what is to be asked of a register. */
    public static String pull(String register) {
        return PULL_PREFIX + register;
    }

    /** The queue of what is to be delivered to a student information system. */
    public static String deliver(String sis) {
        return DELIVER_PREFIX + sis;
    }

    /** The queue that mirrors the dead letters of a queue. */
    public static String dead(String queue) {
        return queue + DEAD_SUFFIX;
    }

    /** Whether this queue mirrors dead letters. */
    public static boolean isDead(String queue) {
        return queue.endsWith(DEAD_SUFFIX);
    }

    /** The stage whose work stands in this queue. */
    public static Stage stage(String queue) {
        if (queue.startsWith(PULL_PREFIX)) {
            return Stage.PULL;
        }
        return queue.startsWith(DELIVER_PREFIX) ? Stage.DELIVER : Stage.MAP;
    }

    /** The register of a pull queue, the system of a deliver queue, or {@code hub}. */
    public static String destination(String queue) {
        if (queue.startsWith(PULL_PREFIX)) {
            return queue.substring(PULL_PREFIX.length());
        }
        return queue.startsWith(DELIVER_PREFIX) ? queue.substring(DELIVER_PREFIX.length()) : HUB;
    }

    /** The destination of what the hub does by itself. */
    public static final String HUB = "hub";
}
