package io.github.hc5.utls.samples.mirror;

import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake agreed on.
 *
 * @param version the protocol version: {@code TLSv1.3}, {@code TLSv1.2}
 * @param cipher the IANA name of the cipher suite
 * @param group the IANA name of the named group of the key exchange ({@code X25519MLKEM768}, {@code x25519}, {@code
 *     secp256r1}), or its code point as {@code 0x....}; null where the exchange used none
 * @param alpn the application protocol, null where none was negotiated
 * @param resumed whether an earlier session was resumed
 */
public record NegotiatedTls(
        String version,
        String cipher,
        @Nullable String group,
        @Nullable String alpn,
        boolean resumed) {}
