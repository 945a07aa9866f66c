package io.github.hc5.utls.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one connection sends and receives inside TLS to the logger {@value #NAME}: sizes, and the heads of requests and
 * responses field by field, never bodies. What credentials may be in is left out: the values of fields about them, and queries.
 * Thread-safe.
 */
final class WireLog {

    /** What all connections of a factory have in common. */
    record Target(Logger logger, Supplier<WireTracing> tracing) {

        Target(Supplier<WireTracing> tracing) {
            this(LoggerFactory.getLogger(NAME), tracing);
        }
    }

    static final String NAME = "io.github.hc5.utls.wire";

    private static final String MASK = "***";

    /** A field whose name has one of these in it may hold a secret. */
    private static final List<String> SECRET = List.of(
            "auth",
            "cookie",
            "token",
            "secret",
            "pass",
            "-key",
            "apikey",
            "session",
            "csrf",
            "signature",
            "credential",
            "jwt",
            "dpop");

    private static final Set<String> NO_SECRET = Set.of(":authority", "www-authenticate", "proxy-authenticate");

    /** Their values are URLs, which may have credentials in the query. */
    private static final Set<String> URLS =
            Set.of(":path", "referer", "location", "content-location", "refresh", "link");

    private final Target target;
    private final ConnectionEvents owner;

    WireLog(Target target, ConnectionEvents owner) {
        this.target = target;
        this.owner = owner;
    }

    void sent(int bytes) {
        if (hasSizes()) {
            size("wire.sent", bytes);
        }
    }

    void received(int bytes) {
        if (hasSizes()) {
            size("wire.received", bytes);
        }
    }

    private void size(String event, int bytes) {
        String line = "{} connection={} bytes={}";
        if (target.tracing().get() == WireTracing.OFF) {
            target.logger().debug(line, event, owner.connectionId(), bytes);
        } else {
            target.logger().info(line, event, owner.connectionId(), bytes);
        }
    }

    private boolean hasSizes() {
        return target.logger().isDebugEnabled() || target.tracing().get() != WireTracing.OFF;
    }

    boolean hasHeads() {
        return target.logger().isTraceEnabled() || target.tracing().get() == WireTracing.HEADS;
    }

    void request(HttpRequest request) {
        if (hasHeads()) {
            head("wire.request", 0, start(request.getMethod(), request.getRequestUri()), request.getHeaders());
        }
    }

    void response(HttpResponse response) {
        if (hasHeads()) {
            head("wire.response", 0, new StringBuilder().append(response.getCode()), response.getHeaders());
        }
    }

    /** Of HTTP/2; trailers too. */
    void request(int stream, FieldList fields) {
        if (!hasHeads()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            field(text, fields.name(i), fields.value(i));
        }
        line("wire.request", stream, text);
    }

    /** Of HTTP/2; trailers too. */
    void response(int stream, List<Header> fields) {
        if (hasHeads()) {
            head("wire.response", stream, new StringBuilder(), fields.toArray(new Header[0]));
        }
    }

    private static StringBuilder start(String method, String uri) {
        return quoted(new StringBuilder(method).append(' '), withoutSecrets(uri));
    }

    private void head(String event, int stream, StringBuilder text, Header[] fields) {
        Arrays.stream(fields).forEach(field -> field(text, field.getName(), field.getValue()));
        line(event, stream, text);
    }

    private void line(String event, int stream, StringBuilder text) {
        String line = "{} connection={}{} {}";
        String of = stream == 0 ? "" : " stream=" + stream;
        if (target.tracing().get() == WireTracing.HEADS) {
            target.logger().info(line, event, owner.connectionId(), of, text);
        } else {
            target.logger().trace(line, event, owner.connectionId(), of, text);
        }
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(text.isEmpty() ? "" : " ");
        quoted(text, name).append('=');
        quoted(text.append('"'), shown(name.toLowerCase(Locale.ROOT), value == null ? "" : value))
                .append('"');
    }

    private static String shown(String name, String value) {
        if (URLS.contains(name)) {
            return withoutSecrets(value);
        }
        boolean secret = !NO_SECRET.contains(name) && SECRET.stream().anyMatch(name::contains);
        return secret ? MASK : value;
    }

    /** A URL or what has one in it, without its query and the user. */
    private static String withoutSecrets(String url) {
        int query = url.indexOf('?');
        String shown = query < 0 ? url : url.substring(0, query) + "?" + MASK;
        int authority = shown.indexOf("://") + 3;
        int path = shown.indexOf('/', authority);
        int user = authority < 3 ? -1 : shown.lastIndexOf('@', path < 0 ? shown.length() : path);
        return user < authority ? shown : shown.substring(0, authority) + MASK + shown.substring(user);
    }

    /** Printable ASCII on one line. */
    private static StringBuilder quoted(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text;
    }
}
