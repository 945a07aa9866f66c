package io.github.hc5.utls.samples.cli;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http2.impl.nio.ProtocolNegotiationException;

/** Says in one line why a request got no answer: the host, and the cause. */
final class FailureText {

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /** How HttpClient words a failed dial: its target, the addresses it tried, the last one's failure. */
    private static final Pattern DIAL =
            Pattern.compile("Connect to \\S+ (?:\\[(?<tried>[^]]*)] )?failed: (?<cause>.*)");

    /** How HttpCore words the end of a connection whose TLS handshake had not ended. */
    private static final Set<String> HANG_UP = Set.of("Unexpected input", "TLS handshake failed");

    /** How HttpCore words a duration. */
    private static final Pattern DURATION = Pattern.compile("\\b(\\d+) (NANO|MICRO|MILLI|)SECONDS\\b");

    private static final Pattern CLASS_NAME = Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ");

    private FailureText() {}

    static String of(URI uri, Throwable problem) {
        String peer = peer(uri);
        if (problem instanceof UnknownHostException) {
            return "cannot resolve the host name " + uri.getHost();
        }
        if (problem instanceof ConnectException
                || problem instanceof ConnectTimeoutException
                || problem instanceof NoRouteToHostException) {
            return dial(peer, OneLine.of(problem));
        }
        if (problem instanceof ConnectionClosedException) {
            return peer + " closed the connection before its answer was complete";
        }
        if ((problem instanceof ProtocolNegotiationException || problem instanceof SSLHandshakeException)
                && HANG_UP.contains(problem.getMessage())) {
            return peer + " closed the connection during the TLS handshake";
        }
        String message = plain(OneLine.of(problem));
        if (message.contains(uri.getHost())) {
            return message;
        }
        String cause = chain(problem);
        return (problem instanceof SSLException ? "TLS with " + peer + " failed: " : peer + ": ") + cause;
    }

    /** Returns who did not give a complete answer in time. */
    static String timeout(URI uri, String timeout) {
        return peer(uri) + " gave no complete answer within " + timeout;
    }

    private static String dial(String peer, String message) {
        Matcher matcher = DIAL.matcher(message);
        if (!matcher.matches()) {
            return "cannot connect to " + peer + ": " + message;
        }
        String tried = matcher.group("tried");
        String addresses = tried == null ? "" : " (" + tried.replaceAll("[^ ,/]*/", "") + ")";
        return "cannot connect to " + peer + addresses + ": " + matcher.group("cause");
    }

    /** The message, and what deeper causes add to it. */
    private static String chain(Throwable problem) {
        StringBuilder text = new StringBuilder(plain(OneLine.of(problem)));
        for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
            String more = plain(OneLine.of(cause));
            if (text.indexOf(more) < 0) {
                text.append(": ").append(more);
            }
        }
        return text.toString();
    }

    /** Without the class names that the JDK's messages quote from their causes; {@code --debug} shows them. */
    private static String plain(String message) {
        return DURATION.matcher(CLASS_NAME.matcher(message).replaceAll(""))
                .replaceAll(found -> Durations.toText(
                        Duration.of(Long.parseLong(found.group(1)), ChronoUnit.valueOf(unit(found.group(2))))));
    }

    private static String unit(String prefix) {
        return switch (prefix) {
            case "NANO" -> "NANOS";
            case "MICRO" -> "MICROS";
            case "MILLI" -> "MILLIS";
            default -> "SECONDS";
        };
    }

    private static String peer(URI uri) {
        int implied = "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        return uri.getHost() + ":" + (uri.getPort() < 0 ? implied : uri.getPort());
    }
}
