package io.github.hc5.utls.it.resilience;

/** How much the heavy tests do: a short form in every build, the whole with {@code -Pfull}. */
final class Scale {

    private static final boolean FULL = Boolean.getBoolean("utls.full");

    private Scale() {}

    static int of(int brief, int full) {
        return FULL ? full : brief;
    }
}
