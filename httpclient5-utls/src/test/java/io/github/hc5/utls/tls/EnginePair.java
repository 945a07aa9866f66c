package io.github.hc5.utls.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client's and a server's engine, joined in memory. */
final class EnginePair {

    private static final int MAX_STEPS = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer plaintext = ByteBuffer.allocate(1 << 15);
    private final List<String> clientFinished = new ArrayList<>();

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Runs until neither side moves. */
    void shakeHands() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < MAX_STEPS; i++) {
            boolean clientMoved = step(client, toClient, toServer);
            boolean serverMoved = step(server, toServer, toClient);
            if (!clientMoved && !serverMoved) {
                return;
            }
        }
        throw new AssertionError("the handshake does not end");
    }

    /** Returns which calls of the client's reported FINISHED. */
    List<String> clientFinished() {
        return clientFinished;
    }

    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> {
                SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
                note(engine, "wrap", result);
                yield result.bytesProduced() > 0;
            }
            case NEED_TASK -> {
                engine.getDelegatedTask().run();
                yield true;
            }
            default -> {
                in.flip();
                SSLEngineResult result = engine.unwrap(in, plaintext);
                in.compact();
                note(engine, "unwrap", result);
                yield result.bytesConsumed() > 0;
            }
        };
    }

    private void note(SSLEngine engine, String call, SSLEngineResult result) {
        if (engine == client && result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            clientFinished.add(call);
        }
    }

    String clientSends(String text) throws SSLException {
        return send(client, server, text);
    }

    String serverSends(String text) throws SSLException {
        return send(server, client, text);
    }

    private static String send(SSLEngine from, SSLEngine to, String text) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(1 << 15);
        from.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), wire);
        wire.flip();
        ByteBuffer received = ByteBuffer.allocate(1 << 15);
        while (wire.hasRemaining()) {
            to.unwrap(wire, received);
        }
        received.flip();
        return StandardCharsets.UTF_8.decode(received).toString();
    }
}
