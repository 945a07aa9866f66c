package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import org.bouncycastle.tls.ContentType;

/** What a {@link RogueServer} does other than a server should. Each method may be reached many times. */
interface Tampering {

    /** Does nothing wrong. */
    Tampering NONE = new Tampering() {};

    /** Something to do with the connection in hand, given the message at which it is done. */
    interface Action {
        void run(RogueServer.Protocol server, byte[] message) throws IOException;
    }

    /** Some change to a message. */
    interface Change {
        byte[] apply(byte[] message);
    }

    /**
     * Writes what shall be written in place of this fragment; by default the fragment itself. The transcript of the server
     * already holds the honest message.
     */
    default void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
        server.honest(contentType, fragment);
    }

    /** Called when the handshake is complete, as the server sees it. */
    default void connected(RogueServer.Protocol server) throws IOException {}

    /** Returns what goes over the wire in place of what the server would have sent in answer to one delivery. */
    default byte[] wire(byte[] sent) {
        return sent;
    }

    /** Sends a changed message in place of the one of this handshake type. */
    static Tampering change(short type, Change change) {
        return insteadOf(type, (server, message) -> server.honest(ContentType.handshake, change.apply(message)));
    }

    /** Does something in place of sending the message of this handshake type. */
    static Tampering insteadOf(short type, Action action) {
        return new Tampering() {
            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                if (contentType == ContentType.handshake && fragment[0] == (byte) type) {
                    action.run(server, fragment);
                } else {
                    server.honest(contentType, fragment);
                }
            }
        };
    }

    static Tampering drop(short type) {
        return insteadOf(type, (server, message) -> {});
    }

    static Tampering before(short type, Action action) {
        return insteadOf(type, (server, message) -> {
            action.run(server, message);
            server.honest(ContentType.handshake, message);
        });
    }

    static Tampering after(short type, Action action) {
        return insteadOf(type, (server, message) -> {
            server.honest(ContentType.handshake, message);
            action.run(server, message);
        });
    }

    /** Does something when the handshake is complete. */
    static Tampering connected(Action action) {
        return new Tampering() {
            @Override
            public void connected(RogueServer.Protocol server) throws IOException {
                action.run(server, new byte[0]);
            }
        };
    }

    /** Changes what goes over the wire, ciphertext included. */
    static Tampering wire(Change change) {
        return new Tampering() {
            @Override
            public byte[] wire(byte[] sent) {
                return change.apply(sent);
            }
        };
    }
}
