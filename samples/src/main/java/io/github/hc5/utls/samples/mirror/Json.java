package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.hc5.utls.fingerprint.Octets;
import java.nio.charset.StandardCharsets;

/** Writes the mirror's answers. Safe for use by several threads. */
final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).addMixIn(Octets.class, AsHex.class);

    private Json() {}

    /** Bytes are shown in hexadecimal. */
    private interface AsHex {
        @JsonValue
        String toHex();
    }

    /** Returns the value as UTF-8, with a line feed at the end for terminals. */
    static byte[] write(Object value) {
        try {
            return (MAPPER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value without JSON form: " + e.getOriginalMessage(), e);
        }
    }
}
