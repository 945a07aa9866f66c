package io.github.hc5.utls.fingerprint;

/** Says that bytes are not a well-formed ClientHello, where and why. */
public final class ClientHelloFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final int offset;
    private final boolean truncated;

    ClientHelloFormatException(int offset, String problem, boolean truncated) {
        super((truncated ? "ClientHello ends early at byte " : "ClientHello is malformed at byte ") + offset + ": "
                + problem);
        this.offset = offset;
        this.truncated = truncated;
    }

    /** Returns the position in the input, in bytes from its start, at which the problem was found. */
    public int offset() {
        return offset;
    }

    /**
     * Returns whether the input is a proper beginning of a ClientHello that only lacks bytes, so that reading more from the
     * peer may help.
     */
    public boolean isTruncated() {
        return truncated;
    }
}
