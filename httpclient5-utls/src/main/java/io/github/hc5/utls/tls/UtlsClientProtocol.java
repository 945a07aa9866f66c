package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ByteQueueInputStream;
import org.bouncycastle.tls.ByteQueueOutputStream;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateVerify;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.KeyShareEntry;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.RecordPreview;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * BC's client protocol with a browser's hello in front, and with what browsers negotiate and BC does not know: compressed
 * certificates (RFC 8879), ALPS, record_size_limit (RFC 8449) and delegated credentials (RFC 9345).
 *
 * <p>Records go straight through: the engine hands in one whole record at a time and gets its plaintext in
 * {@link PlaintextSink}; each record written arrives in one piece at the output stream. BC's own queues stay empty. For
 * use by one thread at a time.
 */
@SuppressWarnings({"JdkObsolete", "rawtypes", "unchecked"}) // BC's API is of Hashtable and Vector
final class UtlsClientProtocol extends TlsClientProtocol {

    /** Takes the plaintext of application data records. */
    interface PlaintextSink {
        void plaintext(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final int OLD_ALPS = 17513;
    private static final int NEW_ALPS = 17613;
    /** BoringSSL gives up after as many records in a row that carry nothing. */
    private static final int MAX_EMPTY_RECORDS = 32;
    /** BoringSSL's bound on warnings in a row; here for the whole connection, which a browser's peer never comes near. */
    private static final int MAX_WARNING_ALERTS = 4;

    private final ClientHelloSpec spec;
    private final HelloDraw draw;
    private final KeyShareSet keys;
    private final UtlsTlsClient client;
    private final PlaintextSink sink;
    private final RecentServers recent;
    private final Clock clock;
    private int acceptedAlps = -1;
    private int delegatedScheme = -1;
    private int peerRecordLimit = Integer.MAX_VALUE;
    private int emptyRecords;
    private int warningAlerts;
    private boolean closeNotifyReceived;
    private boolean keepsShares;

    UtlsClientProtocol(
            ClientHelloSpec spec,
            HelloDraw draw,
            KeyShareSet keys,
            UtlsTlsClient client,
            PlaintextSink sink,
            OutputStream records,
            RecentServers recent,
            Clock clock) {
        super(InputStream.nullInputStream(), records);
        // Given streams, BC would wait for the handshake in connect(); the engine drives it record by record.
        this.blocking = false;
        this.inputBuffers = new ByteQueueInputStream();
        this.outputBuffer = new ByteQueueOutputStream();
        this.spec = spec;
        this.draw = draw;
        this.keys = keys;
        this.client = client;
        this.sink = sink;
        this.recent = recent;
        this.clock = clock;
    }

    /** Starts the handshake: writes the hello. */
    void start() throws IOException {
        connect(client);
    }

    boolean established() {
        return client.established();
    }

    boolean closeNotifyReceived() {
        return closeNotifyReceived;
    }

    /** Checks a record's header and returns what it announces. */
    RecordPreview preview(byte[] header) throws IOException {
        return safePreviewRecordHeader(header);
    }

    /** Processes one whole record, which is decrypted in place. */
    void receive(byte[] bytes, int offset, int length) throws IOException {
        if (!safeReadFullRecord(bytes, offset, length)) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "not a whole record");
        }
    }

    /** Returns the most bytes of application data that one record may carry. */
    int plaintextLimit() {
        return Math.min(getApplicationDataLimit(), peerLimit());
    }

    boolean tls13() {
        ProtocolVersion version = getContext().getSecurityParameters().getNegotiatedVersion();
        return version != null && ProtocolVersion.TLSv13.isEqualOrEarlierVersionOf(version);
    }

    /** Returns what has been negotiated so far. */
    SecurityParameters securityParameters() {
        return getContext().getSecurityParameters();
    }

    /** Returns the group of the TLS 1.3 key exchange, or -1 where there was none yet. */
    int namedGroup() {
        return keepsShares ? keys.agreedGroup() : securityParameters().getNegotiatedGroup();
    }

    /** Returns the ALPN name that the server chose, empty if it chose none. */
    String applicationProtocol() {
        ProtocolName name = securityParameters().getApplicationProtocol();
        return name == null ? "" : name.getUtf8Decoding();
    }

    @Override
    protected void sendClientHelloMessage() throws IOException {
        boolean retry = connection_state == CS_SERVER_HELLO_RETRY_REQUEST;
        List<HelloDraw.Share> shares = keys.shares();
        byte @Nullable [] cookie = null;
        if (retry) {
            Hashtable extensions = clientHello.getExtensions();
            cookie = TlsExtensionsUtils.getCookieExtension(extensions);
            if (!keepsShares) {
                shares = retryShares(TlsExtensionsUtils.getKeyShareClientHello(extensions));
            }
        }
        if (clientAgreements != null && (!retry || keepsShares)) {
            clientAgreements.clear();
            clientAgreements.putAll(keys.agreements());
        }
        boolean reshared = retry && !keepsShares;
        byte[] body = draw.encode(clientHello.getRandom(), clientHello.getSessionID(), shares, cookie, reshared);
        clientHello = new HelloMessage(clientHello, body);
        super.sendClientHelloMessage();
    }

    @Override
    protected void process13HelloRetryRequest(ServerHello request) throws IOException {
        keepsShares = CookieOnlyRetry.is(request);
        if (keepsShares) {
            CookieOnlyRetry.complete(request, spec);
        }
        super.process13HelloRetryRequest(request);
    }

    private static List<HelloDraw.Share> retryShares(Vector<KeyShareEntry> entries) {
        return entries.stream()
                .map(entry -> new HelloDraw.Share(entry.getNamedGroup(), entry.getKeyExchange()))
                .toList();
    }

    @Override
    protected void handle13HandshakeMessage(short type, HandshakeMessageInput message) throws IOException {
        if (type != HandshakeType.compressed_certificate) {
            super.handle13HandshakeMessage(type, message);
            return;
        }
        switch (connection_state) {
            case CS_SERVER_ENCRYPTED_EXTENSIONS -> skip13CertificateRequest();
            case CS_SERVER_CERTIFICATE_REQUEST -> {}
            default -> throw new TlsFatalAlert(AlertDescription.unexpected_message);
        }
        List<Integer> offered = spec.extension(ExtensionSpec.CompressCertificate.class)
                .map(ExtensionSpec.CompressCertificate::algorithms)
                .orElse(List.of());
        byte[] certificate = recent.certificate(message.readAllBytes(), offered);
        receive13ServerCertificate(new ByteArrayInputStream(certificate));
        connection_state = CS_SERVER_CERTIFICATE;
    }

    @Override
    protected void receive13ServerCertificate(ByteArrayInputStream message) throws IOException {
        super.receive13ServerCertificate(message);
        List<Integer> offered = spec.extension(ExtensionSpec.DelegatedCredentials.class)
                .map(ExtensionSpec.DelegatedCredentials::schemes)
                .orElse(List.of());
        Certificate chain = getContext().getSecurityParametersHandshake().getPeerCertificate();
        ServerMessages.check(chain, spec);
        delegatedScheme = DelegatedCredential.accept(
                chain.getCertificateEntryAt(0), offered, getContext().getCrypto(), clock.instant());
    }

    @Override
    protected void receive13ServerCertificateVerify(ByteArrayInputStream message) throws IOException {
        if (delegatedScheme >= 0) {
            byte[] body = message.readAllBytes();
            int scheme = CertificateVerify.parse(getContext(), new ByteArrayInputStream(body))
                    .getAlgorithm();
            if (scheme != delegatedScheme) {
                throw new TlsFatalAlert(
                        AlertDescription.illegal_parameter,
                        "CertificateVerify does not use the delegated credential's signature scheme");
            }
            super.receive13ServerCertificateVerify(new ByteArrayInputStream(body));
        } else {
            super.receive13ServerCertificateVerify(message);
        }
    }

    @Override
    protected void receive13EncryptedExtensions(ByteArrayInputStream message) throws IOException {
        WireReader in = new WireReader("EncryptedExtensions", message.readAllBytes());
        WireReader list = new WireReader("EncryptedExtensions", in.take(in.u16()));
        in.requireEnd();
        WireWriter kept = new WireWriter(64);
        int mark = kept.open(2);
        boolean limited = false;
        while (!list.atEnd()) {
            int type = list.u16();
            byte[] body = list.take(list.u16());
            if (type == ExtensionSpec.RECORD_SIZE_LIMIT && !limited && offers(type)) {
                // BC takes this one for forbidden here. The limit counts the content type's byte (RFC 8449 section 4).
                limited = true;
                peerRecordLimit = RecordSizeLimits.parse(body) - 1;
                continue;
            }
            if ((type == OLD_ALPS || type == NEW_ALPS) && offers(type)) {
                acceptedAlps = type;
            }
            kept.u16(type).vector16(body);
        }
        kept.close(mark, 2);
        super.receive13EncryptedExtensions(new ByteArrayInputStream(kept.toByteArray()));
        if (acceptedAlps >= 0 && getContext().getSecurityParametersHandshake().getApplicationProtocol() == null) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter, "application settings without ALPN");
        }
    }

    private boolean offers(int type) {
        return spec.extensions().stream().anyMatch(extension -> extension.type() == type);
    }

    @Override
    protected void send13CertificateMessage(Certificate certificate) throws IOException {
        sendApplicationSettings();
        super.send13CertificateMessage(certificate);
    }

    @Override
    protected void send13FinishedMessage() throws IOException {
        sendApplicationSettings();
        super.send13FinishedMessage();
    }

    private void sendApplicationSettings() throws IOException {
        if (acceptedAlps >= 0) {
            keyExchange = new ApplicationSettingsExchange(acceptedAlps);
            acceptedAlps = -1;
            sendClientKeyExchange();
        }
    }

    @Override
    protected void writeRecord(short type, byte[] bytes, int offset, int length) throws IOException {
        int limit = peerLimit();
        int written = 0;
        while (length - written > limit) {
            super.writeRecord(type, bytes, offset + written, limit);
            written += limit;
        }
        super.writeRecord(type, bytes, offset + written, length - written);
    }

    private int peerLimit() {
        return Math.min(peerRecordLimit, client.recordSizeLimit());
    }

    @Override
    protected void processRecord(short type, byte[] bytes, int offset, int length) throws IOException {
        if (type == ContentType.application_data && length == 0 && ++emptyRecords > MAX_EMPTY_RECORDS) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message, "too many empty records");
        }
        if (type == ContentType.application_data && established()) {
            if (length > 0) {
                emptyRecords = 0;
                sink.plaintext(bytes, offset, length);
            }
            return;
        }
        try {
            super.processRecord(type, bytes, offset, length);
        } catch (EOFException e) {
            throw ServerMessages.cutShort(e);
        } catch (TlsFatalAlert e) {
            throw ServerMessages.blamed(e);
        }
    }

    @Override
    protected ServerHello receiveServerHelloMessage(ByteArrayInputStream message) throws IOException {
        ServerHello hello = super.receiveServerHelloMessage(message);
        ServerMessages.check(hello, List.of(client.getProtocolVersions()).contains(ProtocolVersion.TLSv13));
        return hello;
    }

    /**
     * In TLS 1.3 each side closes its own direction (RFC 8446 section 6.1), so that what is being sent may end; BC would
     * close both. There, too, any alert but these two is fatal, whatever level it claims.
     */
    @Override
    protected void handleAlertWarningMessage(short description) throws IOException {
        if (++warningAlerts > MAX_WARNING_ALERTS) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message, "too many warning alerts");
        }
        if (description == AlertDescription.close_notify) {
            if (!established()) {
                throw new TlsFatalAlert(
                        AlertDescription.handshake_failure, "the server closed the connection during the handshake");
            }
            closeNotifyReceived = true;
            if (!tls13()) {
                super.handleAlertWarningMessage(description);
            }
        } else if (tls13() && description != AlertDescription.user_canceled) {
            handleFailure();
            throw new TlsFatalAlertReceived(description);
        } else {
            super.handleAlertWarningMessage(description);
        }
    }
}
