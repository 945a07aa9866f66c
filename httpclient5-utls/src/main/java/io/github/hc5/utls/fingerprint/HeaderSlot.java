package io.github.hc5.utls.fingerprint;

/** One place in a browser's order of request headers. */
public sealed interface HeaderSlot {

    /** The HTTP versions in which a slot exists. */
    enum On {
        ANY,
        HTTP_1,
        HTTP_2
    }

    /** The HTTP versions in which this slot exists. */
    On on();

    /** Returns whether the slot exists in HTTP/2 ({@code true}) or HTTP/1.1 ({@code false}). */
    default boolean isOn(boolean http2) {
        return on() == On.ANY || on() == (http2 ? On.HTTP_2 : On.HTTP_1);
    }

    /**
     * A header that the browser adds by itself; a value that the application sets takes its place.
     *
     * @param name the name in the letter case of HTTP/1.1 (HTTP/2 sends it in lower case)
     * @param value the browser's value
     * @param on the HTTP versions in which it is sent
     */
    record Default(String name, String value, On on) implements HeaderSlot {
        /** @throws IllegalArgumentException if the name is no token or the value has forbidden characters */
        public Default {
            HeaderNames.require(name);
            HeaderNames.requireValue(name, value);
        }
    }

    /**
     * The place of a header that is sent only if the request has it: from the application, or because the message needs
     * it (Host, Content-Length).
     *
     * @param name the name in the letter case of HTTP/1.1 (HTTP/2 sends it in lower case)
     * @param on the HTTP versions in which it is sent
     */
    record Supplied(String name, On on) implements HeaderSlot {
        /** @throws IllegalArgumentException if the name is no token */
        public Supplied {
            HeaderNames.require(name);
        }
    }

    /** The place of all headers of the application that no other slot names, in the application's order. */
    record Others() implements HeaderSlot {
        @Override
        public On on() {
            return On.ANY;
        }
    }
}
