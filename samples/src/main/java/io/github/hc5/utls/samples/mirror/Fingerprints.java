package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.hc5.utls.fingerprint.ClientHelloFormatException;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Ja3;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Ja4;
import java.util.Optional;

/**
 * The fingerprints computed from a connection's first ClientHello.
 *
 * @param ja3 JA3, the text before hashing
 * @param ja3Hash its MD5 in hexadecimal
 * @param ja3n JA3N: JA3 with the extensions sorted
 * @param ja3nHash its MD5 in hexadecimal
 * @param ja4 JA4
 * @param ja4r JA4_r, the text before hashing
 */
public record Fingerprints(
        String ja3,
        @JsonProperty("ja3_hash") String ja3Hash,
        String ja3n,
        @JsonProperty("ja3n_hash") String ja3nHash,
        String ja4,
        @JsonProperty("ja4_r") String ja4r) {

    /**
     * Computes them; empty where the bytes are no well-formed ClientHello.
     *
     * @param records the raw records that carry the ClientHello
     */
    static Optional<Fingerprints> of(byte[] records) {
        ClientHelloMessage hello;
        try {
            hello = ClientHelloParser.parse(records);
        } catch (ClientHelloFormatException e) {
            return Optional.empty();
        }
        Ja3 ja3 = Ja3.of(hello);
        Ja3n ja3n = Ja3n.of(hello);
        Ja4 ja4 = Ja4.of(hello);
        return Optional.of(
                new Fingerprints(ja3.toString(), ja3.hash(), ja3n.toString(), ja3n.hash(), ja4.toString(), ja4.raw()));
    }
}
