package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;

/** What a real browser sent while it loaded a page, and what an independent recorder made of it. */
record Capture(String browser, JsonNode json) {

    static Stream<Capture> all() {
        return Stream.of("chromium-156", "firefox-153").map(Capture::of);
    }

    static Capture of(String browser) {
        try (InputStream in = Capture.class.getResourceAsStream(browser + ".json")) {
            return new Capture(browser, new ObjectMapper().readTree(Objects.requireNonNull(in, browser)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] clientHello() {
        return HexFormat.of().parseHex(text("client_hello_hex"));
    }

    /** Preface and frames of the whole connection. */
    byte[] http2() {
        return HexFormat.of().parseHex(text("h2_hex"));
    }

    JsonNode frames() {
        return json.get("frames");
    }

    String text(String key) {
        return json.get(key).asText();
    }

    @Override
    public String toString() {
        return browser;
    }
}
