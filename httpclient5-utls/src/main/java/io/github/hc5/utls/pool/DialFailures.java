package io.github.hc5.utls.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectExceptionSupport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.HttpHost;

/** Why a dial failed, address by address. Guarded by the {@link DialAttempt} it belongs to. */
final class DialFailures {

    private record Failure(SocketAddress address, Exception cause, boolean handshake) {}

    private final HttpHost host;
    private final List<Failure> failures = new ArrayList<>(2);

    DialFailures(HttpHost host) {
        this.host = host;
    }

    void add(SocketAddress address, Exception cause, boolean handshake) {
        failures.add(new Failure(address, cause, handshake));
    }

    int size() {
        return failures.size();
    }

    /** Returns the error for the caller: what the one address said, or one error that lists what each of them said. */
    Exception error() {
        Failure last = failures.get(failures.size() - 1);
        if (failures.size() == 1) {
            return only(last);
        }
        StringBuilder text = new StringBuilder("Connect to ").append(host).append(" failed: ");
        boolean timedOut = true;
        boolean tls = true;
        for (int i = 0; i < failures.size(); i++) {
            Failure f = failures.get(i);
            timedOut &= f.cause() instanceof SocketTimeoutException;
            tls &= f.cause() instanceof SSLException;
            text.append(i == 0 ? "" : "; ")
                    .append(text(f.address()))
                    .append(": ")
                    .append(say(f.cause()));
        }
        IOException error;
        if (tls) {
            error = new SSLException(text.toString());
        } else if (timedOut) {
            error = new ConnectTimeoutException(text.toString(), host);
        } else {
            error = new HttpHostConnectException(text.toString(), host);
        }
        error.initCause(last.cause());
        for (Failure f : failures.subList(0, failures.size() - 1)) {
            error.addSuppressed(f.cause());
        }
        return error;
    }

    private Exception only(Failure failure) {
        if (failure.handshake() || !(failure.cause() instanceof IOException io)) {
            return failure.cause();
        }
        InetAddress[] tried = failure.address() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? new InetAddress[] {inet.getAddress()}
                : new InetAddress[0];
        return ConnectExceptionSupport.enhance(io, host, tried);
    }

    private static String say(Exception cause) {
        String message = cause.getMessage();
        return message != null ? message : cause.getClass().getSimpleName();
    }

    /** An address without a look-up of its name. */
    static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return String.valueOf(address);
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        String literal = ip.getHostAddress();
        return (literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal) + ":" + inet.getPort();
    }
}
