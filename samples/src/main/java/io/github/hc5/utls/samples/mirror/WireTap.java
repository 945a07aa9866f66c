package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.ByteArrayOutputStream;
import java.util.OptionalInt;

/**
 * Stands between the socket and the TLS handler and records what passes, changing nothing: the client's record headers
 * and ClientHellos, and the server's plaintext flight. Belongs to one connection and its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the caller has the promise
final class WireTap extends ChannelDuplexHandler {

    private final ConnectionRecorder recorder;
    private final ClientFlight clientFlight = new ClientFlight();
    private final ServerFlight serverFlight = new ServerFlight(this::helloRetry);
    private final TlsRecordReader client = new TlsRecordReader(clientFlight);
    private final TlsRecordReader server = new TlsRecordReader(serverFlight);

    WireTap(ConnectionRecorder recorder) {
        this.recorder = recorder;
    }

    /** Returns the code point of the agreed named group, if the key exchange had one. */
    OptionalInt group() {
        return serverFlight.group();
    }

    /** Returns whether the server resumed a session. */
    boolean resumed() {
        return serverFlight.resumed();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf buffer) {
            client.read(buffer);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf buffer && !serverFlight.isFinished()) {
            server.read(buffer);
        }
        ctx.write(message, promise);
    }

    private void helloRetry() {
        recorder.helloRetry();
        clientFlight.awaitHello();
    }

    /**
     * The client's records. A hello is looked for only while one is due: the first at the start, the second after a
     * HelloRetryRequest. Any other record of the handshake type may be encrypted, and then starts with any byte.
     */
    private final class ClientFlight implements TlsRecordReader.Sink {

        private static final int CLIENT_HELLO = 1;

        private HandshakeCollector messages = new HandshakeCollector();
        private ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private boolean due = true;

        void awaitHello() {
            messages = new HandshakeCollector();
            raw = new ByteArrayOutputStream();
            due = true;
        }

        @Override
        public boolean header(int type, int length) {
            recorder.record(type, length);
            return due && type == TlsRecordReader.HANDSHAKE;
        }

        @Override
        public void record(byte[] bytes) {
            messages.add(bytes);
            raw.writeBytes(bytes);
            messages.next().ifPresent(message -> {
                due = false;
                if (message.type() == CLIENT_HELLO) {
                    recorder.clientHello(raw.toByteArray());
                }
            });
            due &= !messages.isFull();
        }
    }
}
