package io.github.hc5.utls.it.resilience;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Batch;
import io.github.hc5.utls.resilience.BatchExecutor;
import io.github.hc5.utls.resilience.BatchListener;
import io.github.hc5.utls.resilience.BatchSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** Run in a JVM of its own: gets so many lazily made URLs of a server at a port, and prints how it went. */
final class MillionUrls {

    private MillionUrls() {}

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        int port = Integer.parseInt(args[1]);
        InetAddress address = InetAddress.getByName(args[2]);
        try (HotConnectionManager manager = World.manager(List.of(address), 32).build();
                CloseableHttpAsyncClient client =
                        World.client(manager, World.resilience(manager).build())) {
            Batch batch = new BatchExecutor(
                            client, BatchSettings.builder().concurrency(32).build())
                    .executeUrls(
                            IntStream.range(0, count)
                                    .mapToObj(i -> "http://" + World.HOST + ":" + port + "/" + i)
                                    .iterator(),
                            new BatchListener() {
                                @Override
                                public void completed(
                                        long index, SimpleHttpRequest request, SimpleHttpResponse response) {}

                                @Override
                                public void failed(long index, String target, Exception cause) {
                                    System.err.println(target + ": " + cause);
                                }
                            });
            Batch.Progress end = batch.done().get();
            System.out.println("succeeded=" + end.succeeded() + " failed=" + end.failed() + " heap="
                    + Runtime.getRuntime().maxMemory() / (1024 * 1024));
        }
    }
}
