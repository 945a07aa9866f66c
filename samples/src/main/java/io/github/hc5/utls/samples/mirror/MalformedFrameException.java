package io.github.hc5.utls.samples.mirror;

/** Bytes of the client are no HTTP/2 frames, or no HPACK. The message says what is wrong. */
final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedFrameException(String message) {
        super(message);
    }
}
