package io.github.hc5.utls.it.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server for HTTP/1.1 that counts its open connections. One thread, which sees every end before it accepts the next
 * connection: a client that closes one, and tells another, which then opens one, is never counted as two.
 */
final class CountingServer implements AutoCloseable {

    static final String THREADS = "counting-server";

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final int exchangesEach;
    private final Thread thread = new Thread(this::serve, THREADS);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    /** @param exchangesEach after which it closes a connection */
    CountingServer(int exchangesEach) throws IOException {
        this.exchangesEach = exchangesEach;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2000);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    int open() {
        return open.get();
    }

    int most() {
        return most.get();
    }

    /** Counts the most anew. */
    void resetMost() {
        most.set(open.get());
    }

    long accepted() {
        return accepted.get();
    }

    long answered() {
        return answered.get();
    }

    private static final class Client {
        final StringBuilder request = new StringBuilder();
        int exchanges;
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(16_384);
        try {
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.channel() instanceof SocketChannel) {
                        read(key, buffer);
                    }
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.channel() == listener) {
                        accept();
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | ClosedSelectorException e) {
            // closed by the test
        }
    }

    /** One at a time: the next is looked at after all that had ended before it. */
    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Client());
            accepted.incrementAndGet();
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        SocketChannel channel = (SocketChannel) key.channel();
        Client client = (Client) key.attachment();
        try {
            buffer.clear();
            int count = channel.read(buffer);
            if (count < 0) {
                end(key);
                return;
            }
            client.request.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            int headEnd = client.request.indexOf("\r\n\r\n");
            while (headEnd >= 0) {
                client.request.delete(0, headEnd + 4);
                boolean last = ++client.exchanges >= exchangesEach;
                String response =
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + (last ? "Connection: close\r\n" : "") + "\r\nok";
                answered.incrementAndGet();
                channel.write(ByteBuffer.wrap(response.getBytes(StandardCharsets.US_ASCII)));
                headEnd = client.request.indexOf("\r\n\r\n");
            }
        } catch (IOException e) {
            end(key);
        }
    }

    /** The client closes first, so that no connection ends here that is open there. */
    private void end(SelectionKey key) {
        key.cancel();
        open.decrementAndGet();
        try {
            key.channel().close();
        } catch (IOException e) {
            // gone either way
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        listener.close();
    }
}
