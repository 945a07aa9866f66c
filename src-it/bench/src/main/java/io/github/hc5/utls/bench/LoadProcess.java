package io.github.hc5.utls.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.bench.clients.ClientOptions;
import io.github.hc5.utls.bench.clients.JvmClient;
import io.github.hc5.utls.bench.clients.LoadClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of one client: reads tasks, a line each, from its input, and answers each with a line of its output. What
 * anything else prints goes to its error output. Arguments: the client (one of {@link JvmClient}, or the class of another), the
 * PEM file of the authority to trust.
 */
public final class LoadProcess {

    /** Sets a client up; nothing is connected before its first request. */
    private interface Factory {

        LoadClient create(ClientOptions options) throws Exception;
    }

    private final Factory factory;
    private final Path authority;

    /** The client of {@link Task.Kind#LOAD}, kept from task to task while the concurrency stays. */
    private @Nullable LoadClient kept;

    private int keptConnections;

    private LoadProcess(Factory factory, Path authority) {
        this.factory = factory;
        this.authority = authority;
    }

    /** Works until the input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        LoadProcess process = new LoadProcess(factory(arguments[0]), Path.of(arguments[1]));
        ObjectMapper json = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Outcome outcome = process.perform(json.readValue(line, Task.class));
            out.println(json.writeValueAsString(outcome));
            out.flush();
        }
        System.exit(0);
    }

    /** A class of another module comes by its name: what it needs is not on the class path of the others. */
    private static Factory factory(String client) throws ReflectiveOperationException {
        if (client.indexOf('.') < 0) {
            return JvmClient.valueOf(client)::create;
        }
        Constructor<? extends LoadClient> constructor =
                Class.forName(client).asSubclass(LoadClient.class).getConstructor(ClientOptions.class);
        return constructor::newInstance;
    }

    private Outcome perform(Task task) throws Exception {
        List<URI> uris = task.uris().stream().map(URI::create).toList();
        return switch (task.kind()) {
            case LOAD -> ClosedLoop.forTime(kept(task.concurrency()), uris, task.concurrency(), task.millis());
            case LOAD_WITHOUT_REUSE -> {
                try (LoadClient client = factory.create(options(task.concurrency(), true, false))) {
                    yield ClosedLoop.forTime(client, uris, task.concurrency(), task.millis());
                }
            }
            case COLD_START -> {
                try (LoadClient client = factory.create(options(task.requests(), false, true))) {
                    yield ClosedLoop.atOnce(client, uris, task.requests());
                }
            }
            case IDLE_CONNECTIONS -> idleConnections(uris, task.requests());
            case PREWARM -> Prewarming.run(options(task.requests(), true, true), uris.get(0), task.requests());
        };
    }

    private LoadClient kept(int connections) throws Exception {
        LoadClient client = kept;
        if (client == null || keptConnections != connections) {
            if (client != null) {
                client.close();
            }
            client = factory.create(options(connections, false, true));
            kept = client;
            keptConnections = connections;
        }
        return client;
    }

    private Outcome idleConnections(List<URI> uris, int connections) throws Exception {
        long heap = ProcessMeter.heapBytes();
        long resident = ProcessMeter.residentBytes();
        try (LoadClient client = factory.create(options(connections, true, true))) {
            Outcome outcome = ClosedLoop.atOnce(client, uris, connections);
            return outcome.withMemory(ProcessMeter.heapBytes() - heap, ProcessMeter.residentBytes() - resident);
        }
    }

    private ClientOptions options(int connections, boolean http1, boolean reuse) throws IOException {
        return new ClientOptions(authority, connections, http1, reuse);
    }
}
