package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;

/**
 * The server's half of the handshake messages that bctls does not know: application settings
 * (draft-vvv-tls-alps section 4: the client's follow the server's Finished, in an EncryptedExtensions message, before any
 * client certificate), compressed certificates (RFC 8879), and HelloRetryRequests with or without a cookie.
 */
@SuppressWarnings({"rawtypes", "JdkObsolete"}) // bctls speaks in raw collections
final class AlpsServerProtocol extends TlsServerProtocol {

    private static final int TICKET_LIFETIME_SECONDS = 7200;

    private final AlpsSettings settings;
    private final AlpsConnection connection;

    AlpsServerProtocol(InputStream in, OutputStream out, AlpsSettings settings, AlpsConnection connection) {
        super(in, out);
        this.settings = settings;
        this.connection = connection;
    }

    private boolean acceptedApplicationSettings() {
        return settings.alpsCodePoint.isPresent() && serverExtensions.containsKey(settings.alpsCodePoint.getAsInt());
    }

    @Override
    protected ServerHello generate13HelloRetryRequest(ClientHello clientHello) throws IOException {
        if (!settings.cookie) {
            retryCookie = null;
        }
        return super.generate13HelloRetryRequest(clientHello);
    }

    @Override
    protected void send13CertificateMessage(Certificate certificate) throws IOException {
        CertificateCompression algorithm = settings.compression;
        if (algorithm == null || !offered(algorithm)) {
            super.send13CertificateMessage(certificate);
            return;
        }
        super.send13CertificateMessage(new CompressedMessage(certificate, algorithm));
    }

    private boolean offered(CertificateCompression algorithm) throws IOException {
        byte[] offer = (byte[]) clientExtensions.get(27);
        if (offer == null) {
            return false;
        }
        for (int codePoint : TlsUtils.readUint16Array(offer[0] / 2, new ByteArrayInputStream(offer, 1, offer.length))) {
            if (codePoint == algorithm.codePoint()) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void handle13HandshakeMessage(short type, HandshakeMessageInput message) throws IOException {
        if (connection_state != CS_SERVER_FINISHED || !acceptedApplicationSettings()) {
            super.handle13HandshakeMessage(type, message);
        } else if (type == HandshakeType.encrypted_extensions) {
            receiveClientExtensions(message);
        } else if (connection.clientSettings().isEmpty()) {
            throw new TlsFatalAlert(
                    AlertDescription.unexpected_message,
                    "a message of type " + type + " before the client's application settings");
        } else {
            super.handle13HandshakeMessage(type, message);
        }
    }

    private void receiveClientExtensions(HandshakeMessageInput message) throws IOException {
        if (connection.clientSettings().isPresent()) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message, "EncryptedExtensions again");
        }
        byte[] block = TlsUtils.readOpaque16(message);
        assertEmpty(message);
        Hashtable extensions = readExtensionsData(block);
        Object body = extensions.remove(settings.alpsCodePoint.getAsInt());
        if (!(body instanceof byte[] bytes) || !extensions.isEmpty()) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter, "the client's EncryptedExtensions are not its settings alone");
        }
        connection.receivedSettings(Octets.of(bytes));
    }

    @Override
    protected void receive13KeyUpdate(ByteArrayInputStream message) throws IOException {
        super.receive13KeyUpdate(message);
        connection.receivedKeyUpdate();
    }

    @Override
    protected void completeHandshake() throws IOException {
        super.completeHandshake();
        connection.handshakeCompleted();
    }

    /** Sends the NewSessionTicket messages. */
    void sendTickets() throws IOException {
        for (int i = 0; i < settings.tickets; i++) {
            sendNewSessionTicketMessage(new Ticket(i));
        }
    }

    /** Sends a KeyUpdate, if the settings want them. */
    void updateKeys() throws IOException {
        if (settings.keyUpdates != AlpsSettings.KeyUpdates.NONE) {
            send13KeyUpdate(settings.keyUpdates == AlpsSettings.KeyUpdates.BOTH);
        }
    }

    /** A Certificate that writes itself as a CompressedCertificate message, whose type replaces the one in {@code out}. */
    private final class CompressedMessage extends Certificate {

        private final CertificateCompression algorithm;

        CompressedMessage(Certificate plain, CertificateCompression algorithm) {
            super(TlsUtils.EMPTY_BYTES, plain.getCertificateEntryList());
            this.algorithm = algorithm;
        }

        @Override
        public void encode(TlsContext context, OutputStream out, OutputStream endPointHash) throws IOException {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            super.encode(context, plain, endPointHash);
            CompressedCertificate sent = settings.compressedCertificate.apply(new CompressedCertificate(
                    algorithm.codePoint(), plain.size(), Octets.of(algorithm.encode(plain.toByteArray()))));
            ((ByteArrayOutputStream) out).reset();
            TlsUtils.writeUint8(HandshakeType.compressed_certificate, out);
            TlsUtils.writeUint24(0, out); // the length, which bctls fills in
            TlsUtils.writeUint16(sent.algorithm(), out);
            TlsUtils.writeUint24(sent.uncompressedLength(), out);
            TlsUtils.writeOpaque24(sent.compressed().toByteArray(), out);
        }
    }

    /** A NewSessionTicket as TLS 1.3 has it (RFC 8446 section 4.6.1); bctls only writes that of TLS 1.2. */
    private static final class Ticket extends NewSessionTicket {

        private final int number;

        Ticket(int number) {
            super(TICKET_LIFETIME_SECONDS, new byte[] {(byte) number});
            this.number = number;
        }

        @Override
        public void encode(OutputStream out) throws IOException {
            TlsUtils.writeUint32(TICKET_LIFETIME_SECONDS, out);
            TlsUtils.writeUint32(0x01020304L, out);
            TlsUtils.writeOpaque8(new byte[] {(byte) number}, out);
            TlsUtils.writeOpaque16(new byte[200], out);
            TlsUtils.writeUint16(0, out);
        }
    }
}
