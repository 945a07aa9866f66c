package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the mirror's JSON tells of a client's HTTP/2: the Akamai fingerprint of its first frames, and its User-Agent.
 *
 * @param start the SETTINGS, WINDOW_UPDATE, PRIORITY frames and pseudo-headers
 * @param userAgent the User-Agent of the first request
 */
record Http2Capture(AkamaiFingerprint start, Optional<String> userAgent) {

    /** @throws CliException if the file cannot be read, or is not as the mirror writes it */
    static Http2Capture read(Path file) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(CaptureFiles.bytes(file));
        } catch (IOException e) {
            throw CliException.usage(file + " is not JSON: " + OneLine.of(e), e);
        }
        JsonNode h2 = root.has("h2") ? root.path("h2") : root;
        String akamai = h2.path("akamai").asText("");
        if (akamai.isEmpty()) {
            throw CliException.usage(file + " has no \"akamai\": is it what the mirror answered over HTTP/2?");
        }
        try {
            return new Http2Capture(AkamaiFingerprint.parse(akamai), userAgent(h2));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(file + ": akamai: " + OneLine.of(e), e);
        }
    }

    private static Optional<String> userAgent(JsonNode h2) {
        for (JsonNode headers : h2.findValues("headers")) {
            for (JsonNode header : headers) {
                if (header.path(0).asText().equals("user-agent")) {
                    return Optional.of(header.path(1).asText());
                }
            }
        }
        return Optional.empty();
    }
}
