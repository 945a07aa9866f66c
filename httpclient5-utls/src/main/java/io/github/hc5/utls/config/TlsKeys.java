package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/** The keys of {@code [tls]}. */
final class TlsKeys {

    /** What ALPN offers, by the names that a file has for it. */
    enum HttpVersion {
        NEGOTIATE(HttpVersionPolicy.NEGOTIATE),
        HTTP1(HttpVersionPolicy.FORCE_HTTP_1),
        HTTP2(HttpVersionPolicy.FORCE_HTTP_2);

        private final HttpVersionPolicy policy;

        HttpVersion(HttpVersionPolicy policy) {
            this.policy = policy;
        }

        static HttpVersion of(HttpVersionPolicy policy) {
            for (HttpVersion version : values()) {
                if (version.policy == policy) {
                    return version;
                }
            }
            throw new IllegalArgumentException(policy.name());
        }
    }

    private TlsKeys() {}

    static List<ConfigKey<?>> keys() {
        return new KeyTable("tls")
                .optional(
                        "trust_store",
                        file(),
                        (d, v) -> d.tls.trustStore = v,
                        RESTART,
                        "\"ca.pem\"",
                        "Authorities to trust in place of the JDK's: PEM, PKCS #12 or JKS.")
                .secret(
                        "trust_store_password",
                        (d, v) -> d.tls.trustStorePassword = v,
                        RESTART,
                        "Password of trust_store.")
                .optional(
                        "key_store",
                        file(),
                        (d, v) -> d.tls.keyStore = v,
                        RESTART,
                        "\"client.p12\"",
                        "The client's own certificate and key: PKCS #12 or JKS.")
                .secret("key_store_password", (d, v) -> d.tls.keyStorePassword = v, RESTART, "Password of key_store.")
                .key(
                        "http_version",
                        ValueType.choice(HttpVersion.class),
                        c -> HttpVersion.of(c.tls().httpVersion()),
                        (d, v) -> d.tls.httpVersion = v.policy,
                        RESTART,
                        "What is offered: HTTP/2 and HTTP/1.1, or only one of them.")
                .each(
                        "pins.<host>",
                        ValueType.list(
                                ValueType.text("a pin"), false, "pins as \"sha256/\" and 44 characters of Base64"),
                        (d, host, v) -> d.tls.pins = d.tls.pins.with(host, v.toArray(String[]::new)),
                        RESTART,
                        "[\"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]",
                        "Keys of which one must be in the chain of the host (\"*.example.com\": of direct subdomains).")
                .keys();
    }

    static ValueType<Path> file() {
        return ValueType.file("a file that can be read", TlsKeys::problemOf);
    }

    private static @Nullable String problemOf(Path file) {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            return null;
        }
        String why = Files.isDirectory(file)
                ? "is a folder"
                : !Files.exists(file)
                        ? "does not exist"
                        : Files.isRegularFile(file) ? "cannot be read: permission denied" : "is no file";
        return "\"" + file + "\" " + why;
    }
}
