package io.github.hc5.utls.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log of requests whose User-Agent is not that of their connection's browser: once for each browser and host,
 * and of a bounded number of them, because whoever does it once does it with every request. Safe for use by several
 * threads.
 */
final class ContradictionLog {

    static final int MAX = 1000;

    private final Consumer<String> log;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ContradictionLog(Consumer<String> log) {
        this.log = log;
    }

    void tell(String host, @Nullable String userAgent, String profiles) {
        if (told.size() < MAX && told.add(host + ' ' + profiles)) {
            log.accept("Requests to " + host + " have the User-Agent '" + userAgent
                    + "', but their connection looks like '" + profiles + "': servers can tell");
        }
    }
}
