package io.github.hc5.utls.samples.mirror;

import java.util.Map;

/** The names of named groups in IANA's registry of TLS parameters. */
final class NamedGroups {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(21, "secp224r1"),
            Map.entry(23, "secp256r1"),
            Map.entry(24, "secp384r1"),
            Map.entry(25, "secp521r1"),
            Map.entry(29, "x25519"),
            Map.entry(30, "x448"),
            Map.entry(256, "ffdhe2048"),
            Map.entry(257, "ffdhe3072"),
            Map.entry(258, "ffdhe4096"),
            Map.entry(259, "ffdhe6144"),
            Map.entry(260, "ffdhe8192"),
            Map.entry(512, "MLKEM512"),
            Map.entry(513, "MLKEM768"),
            Map.entry(514, "MLKEM1024"),
            Map.entry(4587, "SecP256r1MLKEM768"),
            Map.entry(4588, "X25519MLKEM768"),
            Map.entry(4589, "SecP384r1MLKEM1024"),
            Map.entry(25497, "X25519Kyber768Draft00"));

    private NamedGroups() {}

    /** Returns the group's name, or its code point as {@code 0x....} where the registry has none. */
    static String name(int codePoint) {
        return NAMES.getOrDefault(codePoint, String.format("0x%04x", codePoint));
    }
}
