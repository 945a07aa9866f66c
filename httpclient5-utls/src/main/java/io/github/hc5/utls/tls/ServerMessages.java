package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/** What RFC 8446 and RFC 7301 demand of a server's messages and BC does not check. */
@SuppressWarnings("rawtypes") // BC's API is of Hashtable
final class ServerMessages {

    /** Section 4.2: what may stand in a TLS 1.3 ServerHello, besides the cookie of a HelloRetryRequest. */
    private static final Set<Integer> TLS13_HELLO = Set.of(
            ExtensionSpec.PRE_SHARED_KEY,
            ExtensionSpec.SUPPORTED_VERSIONS,
            ExtensionSpec.COOKIE,
            ExtensionSpec.KEY_SHARE);

    /** Section 4.1.3: how a server that knows TLS 1.3 says that it was made to choose TLS 1.1 or below. */
    private static final byte[] DOWNGRADE_TO_TLS11 = "DOWNGRD\0".getBytes(StandardCharsets.US_ASCII);

    private ServerMessages() {}

    /**
     * Refuses a ServerHello that answers what was not asked, or that confesses a downgrade.
     *
     * @param offersTls13 whether the hello offered TLS 1.3
     */
    static void check(ServerHello hello, boolean offersTls13) throws TlsFatalAlert {
        Hashtable<?, ?> extensions = hello.getExtensions();
        if (extensions != null && extensions.containsKey(ExtensionSpec.SUPPORTED_VERSIONS)) {
            requireAmong(extensions, TLS13_HELLO, "ServerHello");
        } else if (offersTls13 && ProtocolVersion.TLSv12.equals(hello.getVersion())) {
            byte[] random = hello.getRandom();
            byte[] ending = Arrays.copyOfRange(random, random.length - DOWNGRADE_TO_TLS11.length, random.length);
            if (Arrays.equals(ending, DOWNGRADE_TO_TLS11)) {
                throw new TlsFatalAlert(AlertDescription.illegal_parameter, "the server was downgraded");
            }
        }
    }

    /** Refuses a Certificate of TLS 1.3 that carries an extension which was not offered (section 4.4.2). */
    static void check(Certificate chain, ClientHelloSpec spec) throws TlsFatalAlert {
        Set<Integer> offered = Set.copyOf(
                spec.extensions().stream().map(ExtensionSpec::type).distinct().toList());
        for (int i = 0; i < chain.getLength(); i++) {
            Hashtable<?, ?> extensions = chain.getCertificateEntryAt(i).getExtensions();
            if (extensions != null) {
                requireAmong(extensions, offered, "Certificate");
            }
        }
    }

    private static void requireAmong(Hashtable<?, ?> extensions, Set<Integer> allowed, String message)
            throws TlsFatalAlert {
        for (Object type : extensions.keySet()) {
            if (!allowed.contains(type)) {
                throw new TlsFatalAlert(AlertDescription.unsupported_extension, "extension " + type + " in " + message);
            }
        }
    }

    /** Refuses an ALPN choice that was not offered (RFC 7301 section 3.2), and a server_name that says something. */
    static void check(Hashtable<?, ?> extensions, List<String> offered, @Nullable String chosen) throws TlsFatalAlert {
        if (chosen != null && !offered.contains(chosen)) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter, "the server chose ALPN '" + chosen + "', offered " + offered);
        }
        if (extensions.get(ExtensionSpec.SERVER_NAME) instanceof byte[] name && name.length > 0) {
            throw new TlsFatalAlert(AlertDescription.decode_error, "server_name with content");
        }
    }

    /** Returns what a message that ended too early deserves; BC lets it go out as an internal_error. */
    static TlsFatalAlert cutShort(EOFException cause) {
        return new TlsFatalAlert(AlertDescription.decode_error, "a message of the server is cut short", cause);
    }

    /**
     * Returns the alert that names the server's fault where BC, which trips over what the server sent, takes it for its
     * own: messages beyond all bounds, messages left out. An internal error with a cause is left as it is.
     */
    static TlsFatalAlert blamed(TlsFatalAlert alert) {
        if (alert.getAlertDescription() != AlertDescription.internal_error || alert.getCause() != null) {
            return alert;
        }
        String message = String.valueOf(alert.getMessage());
        int detail = message.indexOf("; ");
        return detail < 0
                ? new TlsFatalAlert(AlertDescription.unexpected_message, "a message of the server is missing")
                : new TlsFatalAlert(AlertDescription.illegal_parameter, message.substring(detail + 2));
    }
}
