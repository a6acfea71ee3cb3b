package org.emrexhub.pipeline.http;

/** How an HTTP exchange can fail to bring a whole answer. */
enum Outcome {
    /** Nothing of the request was sent. */
    UNREACHABLE,
    /** The other side broke the handshake off because of who we are, or are not. */
    REFUSED,
    /** The request was sent, at least in part, and nobody knows what became of it. */
    LOST,
    /** Something came back, but not an answer that can be read. */
    UNREADABLE
}
