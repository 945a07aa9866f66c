package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One protocol spoken on a session. Called on the I/O thread only. */
interface ProtocolSession {

    /** As {@link ConnectionEvents.Intake#offer}; the only method that any thread may call. */
    default boolean offer(RequestExecutionCommand command) {
        return false;
    }

    /**
     * Returns whether the last event wrote something that is worth a system call of its own: nothing else can be under way
     * that would soon take it along.
     */
    default boolean wroteAlone() {
        return false;
    }

    /** Returns how many exchanges run at once until the peer says otherwise. */
    int maxExchanges();

    void connected() throws IOException;

    /**
     * Takes input.
     *
     * @param src bytes already read, {@code null} if they are to be read from the session
     */
    void inputReady(@Nullable ByteBuffer src) throws IOException;

    void outputReady() throws IOException;

    void timeout(Timeout timeout) throws IOException;

    void exception(Exception cause);

    /**
     * The session is closed: fails what is still running.
     *
     * @return the first failure of the session, {@code null} for an orderly end
     */
    @Nullable
    Exception disconnected();
}
