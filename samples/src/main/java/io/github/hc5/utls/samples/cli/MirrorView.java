package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * What the mirror server saw of one connection, as far as the demo shows it.
 *
 * @param ja3nHash JA3N as an MD5 in hexadecimal
 * @param ja4 JA4
 * @param akamai the Akamai fingerprint, empty without HTTP/2
 * @param negotiated what the handshake agreed on, in words
 */
record MirrorView(String ja3nHash, String ja4, String akamai, String negotiated) {

    /**
     * Reads the server's answer.
     *
     * @throws IOException if it is not the JSON that the mirror sends
     */
    static MirrorView parse(byte[] answer) throws IOException {
        JsonNode json = new ObjectMapper().readTree(answer);
        String negotiated = String.join(
                ", ",
                json.path("tls_version").asText("no TLS version"),
                json.path("cipher").asText("no cipher suite"),
                json.path("group").asText("group unknown"),
                json.path("alpn").asText("no ALPN"));
        return new MirrorView(
                text(json, "ja3n_hash"), text(json, "ja4"), json.path("akamai").asText(""), negotiated);
    }

    private static String text(JsonNode json, String name) throws IOException {
        JsonNode value = json.path(name);
        if (!value.isTextual()) {
            throw new IOException("the mirror's answer has no " + name);
        }
        return value.asText();
    }
}
