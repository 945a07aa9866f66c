package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;

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
     * Writes what shall be written in place of this fragment; by default the fragment itself.
     */
    default void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
        server.honest(contentType, fragment);
    }

    /**
     * Returns what the server's transcript shall hold in place of one of its messages, so that the lie is not found out by
     * signature and Finished already. Client messages come along here as well.
     */
    default byte[] transcript(byte[] message) {
        return message;
    }

    /** Returns what the server's random shall end in. */
    default byte[] randomEnding() {
        return new byte[0];
    }

    /** Called when the handshake is complete, as the server sees it. */
    default void connected(RogueServer.Protocol server) throws IOException {}

    /** Returns what goes over the wire in place of what the server would have sent in answer to one delivery. */
    default byte[] wire(byte[] sent) {
        return sent;
    }

    /**
     * Sends a changed message in place of the one of this handshake type, with signature and Finished to match. A change
     * must give the same result each time.
     */
    static Tampering change(short type, Change change) {
        return new Tampering() {
            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                if (contentType == ContentType.handshake && fragment[0] == (byte) type) {
                    byte[] changed = change.apply(fragment);
                    if (changed.length > 0) {
                        server.handshake(changed);
                    }
                } else {
                    server.honest(contentType, fragment);
                }
            }

            @Override
            public byte[] transcript(byte[] message) {
                // Finished is the client's as well, and nothing of the server's comes after its own.
                boolean mine = message[0] == (byte) type && type != HandshakeType.finished;
                return mine ? change.apply(message) : message;
            }
        };
    }

    /** Does not send the message of this handshake type, with signature and Finished to match. */
    static Tampering drop(short type) {
        return change(type, message -> new byte[0]);
    }

    /** Does both, the second where the first changes nothing. */
    static Tampering both(Tampering first, Tampering second) {
        return new Tampering() {
            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                boolean changed =
                        contentType == ContentType.handshake && !Arrays.equals(first.transcript(fragment), fragment);
                (changed ? first : second).write(server, contentType, fragment);
            }

            @Override
            public byte[] transcript(byte[] message) {
                byte[] changed = first.transcript(message);
                return Arrays.equals(changed, message) ? second.transcript(message) : changed;
            }
        };
    }

    /** Lets the server's random end in these bytes. */
    static Tampering random(byte... ending) {
        return new Tampering() {
            @Override
            public byte[] randomEnding() {
                return ending;
            }
        };
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
