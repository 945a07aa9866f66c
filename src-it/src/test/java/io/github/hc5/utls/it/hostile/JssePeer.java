package io.github.hc5.utls.it.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A well-behaved server: the JDK's engine. */
final class JssePeer implements Peer {

    private final SSLEngine engine;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteArrayOutputStream outbound = new ByteArrayOutputStream();
    private final ByteBuffer record;
    private final ByteBuffer plain;
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private @Nullable SSLException failure;

    JssePeer(SSLContext context, Consumer<SSLEngine> setup) {
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        setup.accept(engine);
        record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    /** Returns a server for {@link TestAuthority#HOST} that speaks the one version. */
    static JssePeer speaking(String protocol) {
        return new JssePeer(
                context(TestAuthority.TRUSTED.server()), engine -> engine.setEnabledProtocols(new String[] {protocol}));
    }

    static JssePeer with(Credentials credentials) {
        return new JssePeer(context(credentials), engine -> {});
    }

    static SSLContext context(Credentials credentials) {
        try {
            return credentials.jsseServer();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    SSLEngine engine() {
        return engine;
    }

    /** Returns the application data that has arrived. */
    byte[] received() {
        return received.toByteArray();
    }

    void forgetReceived() {
        received.reset();
    }

    /** Returns what ended the connection on the server's side, if it did not end in peace. */
    @Nullable
    SSLException failure() {
        return failure;
    }

    /** Sends application data, after the handshake if need be. */
    void send(byte[] data) {
        byte[] all = new byte[unsent.remaining() + data.length];
        int rest = unsent.remaining();
        unsent.get(all, 0, rest);
        System.arraycopy(data, 0, all, rest, data.length);
        unsent = ByteBuffer.wrap(all);
        run();
    }

    /** Sends a close_notify. */
    void closeOutbound() {
        engine.closeOutbound();
        run();
    }

    /** Starts what the JDK makes of a second handshake: a renegotiation in TLS 1.2, a KeyUpdate in TLS 1.3. */
    void handshakeAgain() {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
        run();
    }

    @Override
    public void receive(byte[] bytes) {
        ByteBuffer all = ByteBuffer.allocate(unread.remaining() + bytes.length);
        all.put(unread).put(bytes).flip();
        unread = all;
        run();
    }

    @Override
    public byte[] transmit() {
        byte[] bytes = outbound.toByteArray();
        outbound.reset();
        return bytes;
    }

    private void run() {
        boolean progress = true;
        while (progress) {
            runTasks();
            progress = wrap();
            progress |= unwrap();
        }
    }

    private boolean wrap() {
        HandshakeStatus status = engine.getHandshakeStatus();
        boolean hasData = unsent.hasRemaining() && status == HandshakeStatus.NOT_HANDSHAKING;
        if (engine.isOutboundDone() || !(hasData || status == HandshakeStatus.NEED_WRAP)) {
            return false;
        }
        try {
            SSLEngineResult result = engine.wrap(unsent, record.clear());
            outbound.write(record.array(), 0, record.position());
            return result.bytesProduced() > 0 || result.bytesConsumed() > 0;
        } catch (SSLException e) {
            remember(e);
            return true;
        }
    }

    private boolean unwrap() {
        if (!unread.hasRemaining() || engine.isInboundDone()) {
            return false;
        }
        try {
            SSLEngineResult result = engine.unwrap(unread, plain.clear());
            received.write(plain.array(), 0, plain.position());
            HandshakeStatus next = result.getHandshakeStatus();
            boolean consumed = result.getStatus() == Status.OK && result.bytesConsumed() > 0;
            return consumed || next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_WRAP;
        } catch (SSLException e) {
            remember(e);
            return true;
        }
    }

    private void remember(SSLException e) {
        if (failure == null) {
            failure = e;
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
