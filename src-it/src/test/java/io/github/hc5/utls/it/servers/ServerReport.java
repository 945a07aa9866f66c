package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a server says about a connection in the body of its answer: one {@code name=value} a line.
 *
 * @param values the values by name, in order
 */
public record ServerReport(Map<String, String> values) {

    /** The TLS version as the server's own stack names it. */
    public static final String TLS = "tls";
    /** The cipher suite as the server's own stack names it. */
    public static final String CIPHER = "cipher";
    /** The application protocol that TLS selected, empty if none. */
    public static final String ALPN = "alpn";
    /** The subject of the client's certificate, empty if there was none. */
    public static final String CLIENT = "client";

    public ServerReport {
        values = new LinkedHashMap<>(values);
    }

    /** Parses the body of an answer. */
    public static ServerReport parse(Octets body) {
        Map<String, String> values = new LinkedHashMap<>();
        new String(body.toByteArray(), StandardCharsets.UTF_8).lines().forEach(line -> {
            int separator = line.indexOf('=');
            values.put(line.substring(0, separator), line.substring(separator + 1));
        });
        return new ServerReport(values);
    }

    /** Returns the value of the given name. */
    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the server did not report " + name + ": " + values);
        }
        return value;
    }

    byte[] toBody() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
