package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Vector;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentialedDecryptor;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedDecryptor;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Safari still offers 3DES, which neither OpenSSL nor the JDK nor BoringSSL speaks any more by default: here a server does. */
class TripleDesTest {

    private static final int MAX_STEPS = 50;
    private static final String TEXT = "a text that is longer than one block";

    @ParameterizedTest
    @CsvSource({
        "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA, EC",
        "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, RSA",
        "TLS_RSA_WITH_3DES_EDE_CBC_SHA, RSA"
    })
    void safariKeepsThePromise(String suite, String keyType) throws Exception {
        TestPki pki = new TestPki();
        KeyPair keys = keyType.equals("EC") ? TestPki.ecKeys() : TestPki.rsaKeys();
        int codePoint = CipherSuite.class.getField(suite).getInt(null);
        TlsServerProtocol server = new TlsServerProtocol();
        server.accept(new Server(codePoint, keys, pki.leaf(keys, "host.test")));
        SSLEngine client = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("safari-18.4"))
                .trustStore(pki.trustStore())
                .build()
                .createSSLEngine("host.test", 443);

        shakeHands(client, server);
        assertThat(client.getSession().getCipherSuite()).isEqualTo(suite);

        byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer record = ByteBuffer.allocate(1 << 15);
        client.wrap(ByteBuffer.wrap(text), record);
        server.offerInput(bytes(record.flip()));
        byte[] received = new byte[server.getAvailableInputBytes()];
        server.readInput(received, 0, received.length);
        assertThat(received).isEqualTo(text);

        server.writeApplicationData(text, 0, text.length);
        ByteBuffer wire = ByteBuffer.wrap(output(server));
        ByteBuffer plaintext = ByteBuffer.allocate(1 << 15);
        while (wire.hasRemaining()) {
            client.unwrap(wire, plaintext);
        }
        assertThat(bytes(plaintext.flip())).isEqualTo(text);
    }

    private static void shakeHands(SSLEngine client, TlsServerProtocol server) throws IOException {
        client.beginHandshake();
        ByteBuffer fromServer = ByteBuffer.allocate(1 << 16).flip();
        for (int i = 0; i < MAX_STEPS && client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING; i++) {
            if (client.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                ByteBuffer record = ByteBuffer.allocate(1 << 15);
                client.wrap(ByteBuffer.allocate(0), record);
                server.offerInput(bytes(record.flip()));
            } else {
                fromServer.compact().put(output(server)).flip();
                client.unwrap(fromServer, ByteBuffer.allocate(1 << 15));
            }
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    }

    private static byte[] output(TlsServerProtocol server) {
        byte[] bytes = new byte[server.getAvailableOutputBytes()];
        server.readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** A server of TLS 1.2 that knows one suite. */
    private static final class Server extends DefaultTlsServer {

        private final int suite;
        private final AsymmetricKeyParameter key;
        private final X509Certificate leaf;

        Server(int suite, KeyPair keys, X509Certificate leaf) throws IOException {
            super(new BcTlsCrypto(new SecureRandom()));
            this.suite = suite;
            this.key = PrivateKeyFactory.createKey(keys.getPrivate().getEncoded());
            this.leaf = leaf;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {suite};
        }

        @Override
        protected Vector<ProtocolName> getProtocolNames() {
            Vector<ProtocolName> names = new Vector<>();
            names.add(ProtocolName.HTTP_1_1);
            return names;
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            return signer(SignatureScheme.ecdsa_secp256r1_sha256);
        }

        @Override
        protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
            return signer(SignatureScheme.rsa_pkcs1_sha256);
        }

        private TlsCredentialedSigner signer(int scheme) throws IOException {
            SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
            return new BcDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context), (BcTlsCrypto) getCrypto(), key, chain(), algorithm);
        }

        @Override
        protected TlsCredentialedDecryptor getRSAEncryptionCredentials() throws IOException {
            return new BcDefaultTlsCredentialedDecryptor((BcTlsCrypto) getCrypto(), chain(), key);
        }

        private Certificate chain() throws IOException {
            try {
                return new Certificate(new TlsCertificate[] {getCrypto().createCertificate(leaf.getEncoded())});
            } catch (CertificateEncodingException e) {
                throw new IOException(e);
            }
        }
    }
}
