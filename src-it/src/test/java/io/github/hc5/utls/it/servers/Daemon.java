package io.github.hc5.utls.it.servers;

import java.io.Closeable;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the servers' daemon threads. */
final class Daemon {

    private static final Logger LOG = Logger.getLogger(Daemon.class.getName());

    private Daemon() {}

    /** Work that ends when its socket closes, by an exception like any other. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    static Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // the peer went away, or the test closed the server: the end of this thread either way
                        LOG.log(Level.FINE, name, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.log(Level.FINE, "close", e);
        }
    }
}
