package io.github.hc5.utls.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.HeaderSlot;
import io.github.hc5.utls.fingerprint.HeaderSpec;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a real browser put on one connection, byte by byte, with what it was asked for: the URL, the kind, the cookies, the
 * referrer and the body of each request.
 */
record CapturedWire(String name, BrowserProfile profile, JsonNode fields) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<CapturedWire> all() throws IOException {
        List<CapturedWire> captures = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(CapturedWire.class.getResourceAsStream("captured-wire.jsonl"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode fields = JSON.readTree(line);
                captures.add(new CapturedWire(fields.path("name").asText(), profile(fields), fields));
            }
        }
        return captures;
    }

    boolean isHttp1() {
        return fields.has("http1");
    }

    /** The browser of the capture was a test build: its name differs from the profile's. */
    private static BrowserProfile profile(JsonNode fields) {
        BrowserProfile profile = BrowserProfiles.find(fields.path("profile").asText());
        String userAgent = fields.path("user_agent").asText();
        Map<RequestKind, List<HeaderSlot>> kinds = new EnumMap<>(RequestKind.class);
        profile.headers()
                .kinds()
                .forEach((kind, slots) -> kinds.put(
                        kind,
                        slots.stream()
                                .map(slot -> renamed(
                                        slot,
                                        userAgent,
                                        fields.path("sec_ch_ua").asText()))
                                .toList()));
        return new BrowserProfile(
                profile.name(), profile.source(), profile.hello(), profile.http2(), new HeaderSpec(userAgent, kinds));
    }

    private static HeaderSlot renamed(HeaderSlot slot, String userAgent, String brands) {
        if (slot instanceof HeaderSlot.Default header) {
            if (header.name().equalsIgnoreCase("User-Agent")) {
                return new HeaderSlot.Default(header.name(), userAgent, header.on());
            }
            if (header.name().equals("sec-ch-ua")) {
                return new HeaderSlot.Default(header.name(), brands, header.on());
            }
        }
        return slot;
    }

    @Override
    public String toString() {
        return name;
    }
}
