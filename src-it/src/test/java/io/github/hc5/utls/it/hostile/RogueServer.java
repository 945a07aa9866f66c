package io.github.hc5.utls.it.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsServerProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A real TLS server, with real keys and real encryption, that misbehaves at one point: the only way to reach the client's
 * checks behind decryption. Every message goes through a {@link Tampering} before it is encrypted; the finished bytes go
 * through it once more.
 */
final class RogueServer implements Peer {

    private final Protocol protocol;
    private final Tampering tampering;
    private final RogueTlsServer server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteArrayOutputStream outbound = new ByteArrayOutputStream();
    private @Nullable IOException failure;

    RogueServer(Credentials credentials, ProtocolVersion version, Tampering tampering) {
        this.tampering = tampering;
        RogueCrypto crypto = new RogueCrypto(tampering);
        this.server = new RogueTlsServer(credentials, version, crypto);
        this.protocol = new Protocol(crypto);
        try {
            protocol.accept(server);
        } catch (IOException e) {
            throw new IllegalStateException("a server that has not been spoken to", e);
        }
    }

    static RogueServer tls13(Tampering tampering) {
        return new RogueServer(TestAuthority.TRUSTED.server(), ProtocolVersion.TLSv13, tampering);
    }

    static RogueServer tls12(Tampering tampering) {
        return new RogueServer(TestAuthority.TRUSTED.server(), ProtocolVersion.TLSv12, tampering);
    }

    /** Returns the alerts that the client has sent, as their descriptions in RFC 8446 section 6. */
    List<Short> alerts() {
        return server.alerts();
    }

    byte[] received() {
        return received.toByteArray();
    }

    /** Returns what the server itself complained of. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Sends application data; the handshake must be complete. */
    void send(byte[] data) {
        try {
            protocol.writeApplicationData(data, 0, data.length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        collect();
    }

    @Override
    public void receive(byte[] bytes) {
        try {
            if (!protocol.isClosed()) {
                protocol.offerInput(bytes);
                int available = protocol.getApplicationDataAvailable();
                byte[] data = new byte[available];
                protocol.readInput(data, 0, available);
                received.write(data, 0, available);
            }
        } catch (IOException e) {
            failure = e;
        }
        collect();
    }

    private void collect() {
        byte[] sent = new byte[protocol.getAvailableOutputBytes()];
        protocol.readOutput(sent, 0, sent.length);
        outbound.writeBytes(tampering.wire(sent));
    }

    @Override
    public byte[] transmit() {
        byte[] bytes = outbound.toByteArray();
        outbound.reset();
        return bytes;
    }

    /** The server's protocol, opened up for the {@link Tampering}. */
    final class Protocol extends TlsServerProtocol {

        private final RogueCrypto crypto;
        private final List<byte[]> seen = new ArrayList<>();

        Protocol(RogueCrypto crypto) {
            this.crypto = crypto;
        }

        /** Writes one record, as an honest server would. */
        void honest(short contentType, byte[] fragment) throws IOException {
            super.safeWriteRecord(contentType, fragment, 0, fragment.length);
        }

        void handshake(byte[] message) throws IOException {
            honest(ContentType.handshake, message);
        }

        /** Writes one record without asking whether its content type and length are allowed. */
        void unchecked(short contentType, byte[] fragment) throws IOException {
            crypto.replaceNext(fragment);
            super.safeWriteRecord(contentType, new byte[1], 0, 1);
        }

        void alert(int level, int description) throws IOException {
            honest(ContentType.alert, new byte[] {(byte) level, (byte) description});
        }

        /** Puts bytes on the wire past the record layer. */
        void raw(byte[] bytes) throws IOException {
            outputBuffer.write(bytes, 0, bytes.length);
        }

        void keyUpdate(boolean requested) throws IOException {
            send13KeyUpdate(requested);
        }

        int getApplicationDataAvailable() {
            return applicationDataAvailable();
        }

        /** Returns the messages written so far, the current one last. */
        List<byte[]> seen() {
            return seen;
        }

        @Override
        protected void safeWriteRecord(short type, byte[] buf, int offset, int len) throws IOException {
            byte[] fragment = Arrays.copyOfRange(buf, offset, offset + len);
            seen.add(fragment);
            tampering.write(this, type, fragment);
        }

        @Override
        protected void completeHandshake() throws IOException {
            super.completeHandshake();
            tampering.connected(this);
        }
    }
}
