package io.github.hc5.utls.fingerprint;

/** A capture file that is damaged, of an unknown kind, or without a ClientHello; the message says which and where. */
public final class CaptureFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CaptureFormatException(String message) {
        super(message);
    }

    CaptureFormatException(long offset, String problem) {
        super("at byte " + offset + ": " + problem);
    }
}
