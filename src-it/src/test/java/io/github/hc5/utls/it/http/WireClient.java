package io.github.hc5.utls.it.http;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The wire without the pool: one HTTP/2 connection at a time to one server, as a profile's browser. What a server refuses
 * by GOAWAY, as nginx does every thousand requests, is sent again on the next connection. Safe for use by several threads.
 */
final class WireClient implements AutoCloseable {

    private static final HttpHost TARGET = new HttpHost("https", CertificateAuthority.SERVER_NAME, 443);

    private final DefaultConnectingIOReactor reactor =
            new DefaultConnectingIOReactor(UtlsEventHandlerFactory.builder().build());
    private final UtlsTlsStrategy tls;
    private final SocketAddress address;

    /** Guarded by this. */
    private @Nullable IOSession session;

    /** One task of many. */
    interface Task {
        /** Returns the outcome of the task with this number in a word. */
        String run(int number) throws Exception;
    }

    WireClient(BrowserProfile profile, SocketAddress address) throws Exception {
        this.tls = new UtlsTlsStrategy(UtlsSslContext.builder()
                .profile(profile)
                .trustStore(TestPki.SERVERS.trustStore())
                .build());
        this.address = address;
        reactor.start();
    }

    /** Returns the root of the server, without a slash at its end. */
    static String origin() {
        return "https://" + CertificateAuthority.SERVER_NAME;
    }

    /** Runs a number of tasks on as many threads as there may be tasks at once; returns how often each outcome came. */
    static Map<String, Integer> many(int tasks, int concurrency, Task task) throws InterruptedException {
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        ExecutorService users = Executors.newFixedThreadPool(concurrency);
        for (int i = 0; i < concurrency; i++) {
            users.execute(() -> {
                for (int number = next.getAndIncrement(); number < tasks; number = next.getAndIncrement()) {
                    String outcome;
                    try {
                        outcome = task.run(number);
                    } catch (Exception ex) {
                        outcome = ex.toString();
                    }
                    outcomes.merge(outcome, 1, Integer::sum);
                }
            });
        }
        users.shutdown();
        if (!users.awaitTermination(120, TimeUnit.SECONDS)) {
            throw new AssertionError("not in time; outcomes so far: " + outcomes);
        }
        return outcomes;
    }

    /** Sends a request until a connection takes it. */
    Message<HttpResponse, byte[]> send(Supplier<AsyncRequestProducer> request) throws Exception {
        while (true) {
            CompletableFuture<Message<HttpResponse, byte[]>> answer = new CompletableFuture<>();
            session()
                    .enqueue(
                            new RequestExecutionCommand(
                                    new BasicClientExchangeHandler<>(
                                            request.get(),
                                            new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()),
                                            callback(answer)),
                                    HttpCoreContext.create()),
                            Command.Priority.NORMAL);
            try {
                return answer.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException ex) {
                if (!(ex.getCause() instanceof RequestNotExecutedException)) {
                    throw ex;
                }
            }
        }
    }

    /** Returns the connection in use, or a new one where that is at its end. */
    private synchronized IOSession session() throws InterruptedException, ExecutionException, TimeoutException {
        IOSession current = session;
        if (current != null && current.isOpen()) {
            return current;
        }
        CompletableFuture<TransportSecurityLayer> secured = new CompletableFuture<>();
        FutureCallback<TransportSecurityLayer> handshake = callback(secured);
        Future<IOSession> connecting = reactor.connect(
                TARGET,
                address,
                null,
                Timeout.ofSeconds(10),
                HttpVersionPolicy.NEGOTIATE,
                new CallbackContribution<>(handshake) {
                    @Override
                    public void completed(IOSession plain) {
                        tls.upgrade((TransportSecurityLayer) plain, TARGET, null, null, handshake);
                    }
                });
        IOSession fresh = connecting.get(10, TimeUnit.SECONDS);
        secured.get(10, TimeUnit.SECONDS);
        session = fresh;
        return fresh;
    }

    @Override
    public void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    private static <T> FutureCallback<T> callback(CompletableFuture<T> future) {
        return new FutureCallback<>() {
            @Override
            public void completed(T result) {
                future.complete(result);
            }

            @Override
            public void failed(Exception ex) {
                future.completeExceptionally(ex);
            }

            @Override
            public void cancelled() {
                future.cancel(false);
            }
        };
    }
}
