package io.github.hc5.utls.bench;

import java.io.IOException;
import java.util.Optional;

/** One client in a process of its own. Used by one thread. */
interface Contender extends AutoCloseable {

    /** Returns the name under which a report lists it. */
    String title();

    /** Returns what the task came to, or nothing if this client has no such thing. */
    Optional<Outcome> perform(Task task) throws IOException;

    @Override
    void close() throws IOException;
}
