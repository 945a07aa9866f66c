package io.github.hc5.utls.http;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.command.StaleCheckCommand;
import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an HTTP/2 connection, in its order: the commands that any thread enqueues at the session, then those
 * handed over in the middle of a turn. The requests among them wait here for a free stream. Of the I/O thread.
 */
final class H2Commands {

    private final H2Session owner;
    private final IOSession session;
    private final Queue<Command> handed = new ArrayDeque<>();
    private final Queue<RequestExecutionCommand> waiting = new ArrayDeque<>();

    H2Commands(H2Session owner, IOSession session) {
        this.owner = owner;
        this.session = session;
    }

    /** Takes a command in the middle of a turn, which ends with another look here. */
    boolean hand(RequestExecutionCommand command) {
        return handed.add(command);
    }

    /** Returns whether nothing has been asked that was not looked at. */
    boolean isEmpty() {
        return handed.isEmpty() && !session.hasCommands();
    }

    /** Does all that was asked; requests as far as there are streams for them. */
    void run() {
        for (Command command = next(); command != null; command = next()) {
            if (command instanceof RequestExecutionCommand execution) {
                waiting.add(execution);
                startWaiting();
            } else if (command instanceof PingCommand ping && !owner.isEnded()) {
                owner.ping(ping.getHandler());
            } else if (command instanceof ShutdownCommand shutdown && !owner.isEnded()) {
                owner.shutdown(shutdown.getType());
            } else if (command instanceof StaleCheckCommand check) {
                boolean fresh = owner.isFresh();
                owner.calm(() -> check.getCallback().accept(fresh));
            } else {
                command.cancel();
            }
        }
    }

    private @Nullable Command next() {
        Command command = session.poll();
        return command != null ? command : handed.poll();
    }

    /** Starts the requests that wait, as far as there are streams for them. */
    void startWaiting() {
        while (!waiting.isEmpty() && owner.mayStart()) {
            owner.start(waiting.remove());
        }
    }

    /** No stream will be free for those that wait. */
    void refuseWaiting() {
        for (RequestExecutionCommand command = waiting.poll(); command != null; command = waiting.poll()) {
            owner.refuse(command);
        }
    }
}
