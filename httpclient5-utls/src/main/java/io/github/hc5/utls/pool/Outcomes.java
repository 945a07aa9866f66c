package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2StreamResetException;

/** Tells from the type of a failure what it says of the address that was asked. */
final class Outcomes {

    private static final int SERVER_ERROR = 500;

    private Outcomes() {}

    /** What the failure of an exchange is. */
    static Outcome of(Exception cause) {
        if (cause instanceof RequestNotExecutedException) {
            return Outcome.NOT_EXECUTED;
        }
        if (cause instanceof CancellationException) {
            return Outcome.CANCELLED;
        }
        if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
            return Outcome.TIMED_OUT;
        }
        if (cause instanceof SSLException) {
            return Outcome.TLS_FAILED;
        }
        if (cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof PortUnreachableException
                || cause instanceof UnknownHostException) {
            return Outcome.REFUSED;
        }
        if (cause instanceof H2StreamResetException) {
            return Outcome.RESET;
        }
        if (cause instanceof H2ConnectionException || cause instanceof ProtocolException) {
            return Outcome.PROTOCOL_ERROR;
        }
        return cause instanceof IOException ? Outcome.RESET : Outcome.FAILED;
    }

    /** What the failure of a dial is. */
    static Outcome ofDial(Exception cause, boolean duringHandshake) {
        Outcome outcome = of(cause);
        return switch (outcome) {
            case TIMED_OUT, CANCELLED, REFUSED -> outcome;
            case RESET, FAILED, PROTOCOL_ERROR -> duringHandshake ? Outcome.TLS_FAILED : Outcome.REFUSED;
            default -> outcome;
        };
    }

    /** What a whole response with this status is. */
    static Outcome of(int status) {
        return status >= SERVER_ERROR ? Outcome.SERVER_ERROR : Outcome.OK;
    }
}
