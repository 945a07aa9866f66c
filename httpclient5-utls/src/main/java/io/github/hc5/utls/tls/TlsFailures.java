package io.github.hc5.utls.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/** Turns what goes wrong below into the JDK's exceptions, with a message that names the peer and the cause. */
final class TlsFailures {

    private TlsFailures() {}

    /**
     * Refuses an answer that is no TLS at all.
     *
     * @param header the first five bytes
     * @throws SSLException saying what the peer seems to speak
     */
    static void requireTls(byte[] header) throws SSLException {
        int type = header[0] & 0xFF;
        boolean known = type >= ContentType.change_cipher_spec && type <= ContentType.application_data;
        if (!known || header[1] != 3) {
            String start = new String(header, StandardCharsets.ISO_8859_1);
            throw new SSLException(
                    start.startsWith("HTTP/")
                            ? "the server answered in plaintext HTTP"
                            : "the server's answer is not TLS");
        }
    }

    /**
     * Returns the exception for the application.
     *
     * @param failure what was thrown
     * @param peer host and port
     * @param handshaking whether the handshake had not ended yet
     */
    static SSLException translate(Exception failure, String peer, boolean handshaking) {
        String prefix = handshaking ? "TLS handshake with " + peer + " failed: " : "TLS connection with " + peer + ": ";
        if (failure instanceof TlsFatalAlertReceived received) {
            String message =
                    prefix + "the server sent alert " + AlertDescription.getText(received.getAlertDescription());
            return caused(handshaking ? new SSLHandshakeException(message) : new SSLException(message), failure);
        }
        Throwable cause = failure instanceof TlsFatalAlert ? failure.getCause() : failure;
        if (cause instanceof SSLPeerUnverifiedException) {
            return caused(new SSLPeerUnverifiedException(prefix + cause.getMessage()), cause);
        }
        if (cause instanceof CertificateException) {
            return caused(new SSLHandshakeException(prefix + "certificate not accepted: " + cause.getMessage()), cause);
        }
        if (cause instanceof SSLException) {
            String message = prefix + cause.getMessage();
            return caused(handshaking ? new SSLHandshakeException(message) : new SSLException(message), cause);
        }
        if (failure instanceof TlsFatalAlert alert) {
            String message = prefix + describe(alert);
            return caused(
                    handshaking ? new SSLHandshakeException(message) : new SSLProtocolException(message), failure);
        }
        String message = prefix + (failure.getMessage() == null ? failure.toString() : failure.getMessage());
        if (failure instanceof IOException) {
            return caused(handshaking ? new SSLHandshakeException(message) : new SSLException(message), failure);
        }
        return caused(new SSLException(message), failure);
    }

    /** BC's message is the alert's name with, sometimes, a detail behind it. */
    private static String describe(TlsFatalAlert alert) {
        Throwable cause = alert.getCause();
        String detail = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ')';
        return meaning(alert.getAlertDescription()) + ": " + alert.getMessage() + detail;
    }

    private static String meaning(short alert) {
        return switch (alert) {
            case AlertDescription.bad_record_mac -> "a record of the server is corrupt";
            case AlertDescription.decrypt_error -> "the server's handshake is not authentic";
            case AlertDescription.record_overflow -> "a record of the server is too long";
            case AlertDescription.unexpected_message -> "the server sent a message out of place";
            case AlertDescription.protocol_version -> "the server chose a TLS version that was not offered";
            case AlertDescription.unsupported_extension -> "the server answered an extension that was not offered";
            case AlertDescription.bad_certificate -> "the server's certificate is malformed";
            default -> "the server broke the protocol";
        };
    }

    private static SSLException caused(SSLException exception, @Nullable Throwable cause) {
        exception.initCause(cause);
        return exception;
    }
}
