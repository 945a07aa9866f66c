package io.github.hc5.utls.it.pool;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own, with a heap far smaller than what it moves: one upload, one download, both at once, and eight
 * downloads at once, over whatever connections the pool opens. Prints a line for each, and the most heap it used.
 */
final class TransferMain {

    private TransferMain() {}

    /** So many zero bytes, made when they are wanted. */
    private static final class Zeros implements AsyncEntityProducer {

        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {}

        @Override
        public int available() {
            return (int) Math.min(left, 1 << 20);
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            int written;
            do {
                written = left == 0 ? 0 : channel.write(ByteBuffer.allocate((int) Math.min(left, 64 << 10)));
                left -= written;
            } while (written > 0);
            if (left == 0) {
                channel.endStream();
            }
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public String getContentType() {
            return ContentType.APPLICATION_OCTET_STREAM.toString();
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public boolean isChunked() {
            return true;
        }

        @Override
        public Set<String> getTrailerNames() {
            return Set.of();
        }

        @Override
        public void releaseResources() {}
    }

    /** Counts bytes and keeps none. */
    private static final class Count extends AbstractBinAsyncEntityConsumer<Long> {

        private long bytes;

        @Override
        protected void streamStart(ContentType contentType) {}

        @Override
        protected Long generateContent() {
            return bytes;
        }

        @Override
        protected int capacityIncrement() {
            return Integer.MAX_VALUE;
        }

        @Override
        protected void data(ByteBuffer src, boolean endOfStream) {
            bytes += src.remaining();
            src.position(src.limit());
        }

        @Override
        public void releaseResources() {}
    }

    private interface Transfers {
        List<Future<Message<HttpResponse, Long>>> begin();
    }

    private static Future<Message<HttpResponse, Long>> upload(CloseableHttpAsyncClient client, String uri, long size) {
        return client.execute(
                AsyncRequestBuilder.post(uri + "up").setEntity(new Zeros(size)).build(),
                new BasicResponseConsumer<>(new Count()),
                null);
    }

    private static Future<Message<HttpResponse, Long>> download(
            CloseableHttpAsyncClient client, String uri, long size) {
        return client.execute(
                AsyncRequestBuilder.get(uri + size).build(), new BasicResponseConsumer<>(new Count()), null);
    }

    private static void report(String name, Transfers transfers) throws Exception {
        long began = System.nanoTime();
        long received = 0;
        for (Future<Message<HttpResponse, Long>> transfer : transfers.begin()) {
            Long body = transfer.get().getBody();
            received += body == null ? 0 : body;
        }
        System.out.println(name + " received " + received + " in " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    /**
     * Runs the transfers.
     *
     * @param args the trust store's file and password, the port, the bytes of each transfer
     */
    public static void main(String[] args) throws Exception {
        KeyStore trust = KeyStore.getInstance(Path.of(args[0]).toFile(), args[1].toCharArray());
        String uri = "https://" + CertificateAuthority.SERVER_NAME + ":" + args[2] + "/";
        long size = Long.parseLong(args[3]);
        InMemoryDnsResolver names = new InMemoryDnsResolver();
        names.add(CertificateAuthority.SERVER_NAME, InetAddress.getLoopbackAddress());
        HotConnectionManager manager = Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(BrowserProfiles.find("chrome-156"))
                        .trustStore(trust)
                        .build())
                .setDnsResolver(names)
                .build();
        CloseableHttpAsyncClient client = Utls.asyncClient(manager);
        report("up", () -> List.of(upload(client, uri, size)));
        report("down", () -> List.of(download(client, uri, size)));
        report("both", () -> List.of(upload(client, uri, size), download(client, uri, size)));
        report("eight", () -> {
            List<Future<Message<HttpResponse, Long>>> downloads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                downloads.add(download(client, uri, size / 8));
            }
            return downloads;
        });
        client.close(CloseMode.GRACEFUL);
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.println("peak " + peak);
    }
}
