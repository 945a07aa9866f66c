package io.github.hc5.utls.resilience;

import io.github.hc5.utls.pool.AddressesRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/** What a try came to, told from the type of its failure and never from the words in it. */
public enum FailureKind {
    /** No connection in time, or none at all: the request was not sent. */
    CONNECT,
    /** The connection broke, or no response came in time: the server may have seen the request. */
    UNSTABLE,
    /** The peer said, or it is sure otherwise, that it has not taken the request up. */
    NOT_EXECUTED,
    /** No address may be asked, or the response bans the one that was. */
    BANNED,
    /** The server asks to come back later. */
    BUSY,
    /** The handshake failed by its content: it would again. */
    TLS,
    /** The pool had no connection to give in time: more tries would only add to the load. */
    LEASE,
    /** Refused by this side: a breaker, a limit, a deadline. */
    REFUSED_HERE,
    /** Anything else. */
    OTHER;

    /**
     * Returns the kind of a failure.
     *
     * @param sent whether the request may have been sent, as far as the caller knows
     */
    public static FailureKind of(IOException cause, boolean sent) {
        if (cause instanceof NoHealthyPathException) {
            return CONNECT;
        }
        if (cause instanceof ResilienceException own) {
            return own instanceof AddressBannedException ? BANNED : REFUSED_HERE;
        }
        if (cause instanceof AddressesRefusedException) {
            return BANNED;
        }
        if (cause instanceof ConnectionRequestTimeoutException) {
            return LEASE;
        }
        if (cause instanceof ConnectTimeoutException
                || cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof PortUnreachableException
                || cause instanceof UnknownHostException) {
            return CONNECT;
        }
        if (cause instanceof RequestNotExecutedException) {
            return NOT_EXECUTED;
        }
        if (cause instanceof H2StreamResetException reset) {
            return reset.getCode() == H2Error.REFUSED_STREAM.getCode() ? NOT_EXECUTED : UNSTABLE;
        }
        if (cause instanceof SocketTimeoutException) {
            return sent ? UNSTABLE : CONNECT;
        }
        if (cause instanceof InterruptedIOException) {
            return OTHER;
        }
        if (cause instanceof SSLException) {
            return cause.getCause() instanceof SocketException || cause.getCause() instanceof EOFException
                    ? UNSTABLE
                    : TLS;
        }
        return isBreak(cause) ? UNSTABLE : OTHER;
    }

    private static boolean isBreak(IOException cause) {
        return cause instanceof ConnectionClosedException
                || cause instanceof SocketException
                || cause instanceof EOFException
                || cause instanceof ClosedChannelException
                || cause instanceof NoHttpResponseException
                || cause instanceof MalformedChunkCodingException
                || cause instanceof H2ConnectionException
                // what the JDK's channels throw for a reset is an IOException without a type of its own
                || cause.getClass() == IOException.class;
    }

    /** Whether a failure of this kind says that the server cannot have acted on the request. */
    boolean provesUnsent() {
        return this == CONNECT || this == NOT_EXECUTED;
    }
}
