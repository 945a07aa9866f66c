package io.github.hc5.utls.samples.mirror;

import io.github.hc5.utls.samples.mirror.HandshakeCollector.Message;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads from the server's plaintext records what no SSLEngine tells: whether it sent a HelloRetryRequest (RFC 8446,
 * section 4.1.4), which named group was agreed on (the key share of TLS 1.3, the ServerKeyExchange of TLS 1.2, RFC 8422
 * section 5.4) and whether a session was resumed (a pre_shared_key in TLS 1.3, an abbreviated handshake in TLS 1.2).
 * Not thread-safe.
 */
final class ServerFlight implements TlsRecordReader.Sink {

    private static final int SERVER_HELLO = 2;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;
    private static final int VERSION_AND_CIPHER_SUITE = 2;
    private static final int RANDOM_LENGTH = 32;

    /** SHA-256 of "HelloRetryRequest": the random of a ServerHello that is one (RFC 8446, section 4.1.3). */
    private static final byte[] RETRY_RANDOM =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private final Runnable onHelloRetry;
    private final HandshakeCollector messages = new HandshakeCollector();
    private OptionalInt group = OptionalInt.empty();
    private boolean resumed;
    private boolean helloSeen;
    private boolean certificateSeen;
    private boolean finished;

    /** @param onHelloRetry run when the server has written a HelloRetryRequest */
    ServerFlight(Runnable onHelloRetry) {
        this.onHelloRetry = onHelloRetry;
    }

    /** Returns whether all has been read that this class looks for. */
    boolean isFinished() {
        return finished;
    }

    /** Returns the code point of the named group of the key exchange; empty for one without. */
    OptionalInt group() {
        return group;
    }

    boolean resumed() {
        return resumed;
    }

    @Override
    public boolean header(int type, int length) {
        if (type == TlsRecordReader.CHANGE_CIPHER_SPEC && helloSeen && !finished) {
            // A full TLS 1.2 handshake finishes at ServerHelloDone, long before the server's change_cipher_spec.
            resumed = !certificateSeen;
            finished = true;
        }
        return type == TlsRecordReader.HANDSHAKE && !finished;
    }

    @Override
    public void record(byte[] bytes) {
        messages.add(bytes);
        for (Optional<Message> next = messages.next(); next.isPresent() && !finished; next = messages.next()) {
            try {
                accept(next.get());
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                finished = true; // our own server wrote it: there is nobody to report to
            }
        }
        finished |= messages.isFull();
    }

    private void accept(Message message) {
        ByteBuffer body = ByteBuffer.wrap(message.body());
        switch (message.type()) {
            case SERVER_HELLO -> serverHello(body);
            case CERTIFICATE -> certificateSeen = true;
            case SERVER_KEY_EXCHANGE -> {
                if (body.get() == NAMED_CURVE) {
                    group = OptionalInt.of(uint16(body));
                }
            }
            case SERVER_HELLO_DONE -> finished = true;
            default -> {}
        }
    }

    private void serverHello(ByteBuffer body) {
        skip(body, VERSION_AND_CIPHER_SUITE);
        byte[] random = new byte[RANDOM_LENGTH];
        body.get(random);
        boolean retry = Arrays.equals(random, RETRY_RANDOM);
        skip(body, body.get() & 0xFF); // session id
        skip(body, VERSION_AND_CIPHER_SUITE);
        skip(body, 1); // compression method
        boolean tls13 = false;
        if (body.hasRemaining()) {
            skip(body, Short.BYTES);
        }
        while (body.hasRemaining()) {
            int type = uint16(body);
            int length = uint16(body);
            int end = body.position() + length;
            switch (type) {
                case SUPPORTED_VERSIONS -> tls13 = true;
                case PRE_SHARED_KEY -> resumed = true;
                case KEY_SHARE -> group = OptionalInt.of(uint16(body));
                default -> {}
            }
            body.position(end);
        }
        if (retry) {
            onHelloRetry.run();
        } else {
            helloSeen = true;
            finished = tls13;
        }
    }

    private static int uint16(ByteBuffer buffer) {
        return buffer.getShort() & 0xFFFF;
    }

    private static void skip(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }
}
