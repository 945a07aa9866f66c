package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** The library's TLS, as the commands use it. */
final class BrowserTls {

    private static final int HTTPS_PORT = 443;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private BrowserTls() {}

    /**
     * Returns what gives HttpClient a browser's TLS.
     *
     * @param trust the authorities to trust; null for the JDK's
     */
    static TlsStrategy strategy(BrowserProfile profile, @Nullable KeyStore trust) {
        UtlsSslContext.Builder context = UtlsSslContext.builder().profile(profile);
        return new UtlsTlsStrategy((trust == null ? context : context.trustStore(trust)).build());
    }

    /** Draws the ClientHello of one connection, which is never made, and returns the records that carry it. */
    static byte[] drawHello(BrowserProfile profile, String host) {
        SSLEngine engine = UtlsSslContext.builder().profile(profile).build().createSSLEngine(host, HTTPS_PORT);
        engine.setUseClientMode(true);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.beginHandshake();
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(NOTHING.duplicate(), record);
                record.flip();
                records.write(record.array(), record.position(), record.remaining());
                record.clear();
            }
        } catch (SSLException e) {
            throw CliException.failure(OneLine.of(e), e);
        }
        return records.toByteArray();
    }
}
