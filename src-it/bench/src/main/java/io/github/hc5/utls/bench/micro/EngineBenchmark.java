package io.github.hc5.utls.bench.micro;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.samples.mirror.MirrorCertificates;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The records of one connection with a JSSE server in the same thread: our engine's wrap and unwrap, and JSSE's client in
 * its place. A step has a record there and one back, so the server's half is in each figure, and the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {

    private static final String HOST = "localhost";

    @Param({"utls", "jsse"})
    private String client;

    @Param({"100", "16384"})
    private int bytes;

    private SSLEngine ours;
    private SSLEngine theirs;
    private ByteBuffer plain;
    private ByteBuffer record;
    private ByteBuffer read;

    @Setup
    public void shakeHands() throws Exception {
        MirrorCertificates certificates = MirrorCertificates.issue(List.of(HOST), Instant.now());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificates.authority());
        ours = client.equals("utls") ? utls(trusted) : jsse(trusted);
        ours.setUseClientMode(true);
        theirs = server(certificates).createSSLEngine();
        theirs.setUseClientMode(false);
        theirs.setEnabledProtocols(new String[] {"TLSv1.3"});
        plain = ByteBuffer.allocate(bytes);
        record = ByteBuffer.allocate(1 << 16);
        read = ByteBuffer.allocate(1 << 16);
        ours.beginHandshake();
        theirs.beginHandshake();
        for (int i = 0; i < 50; i++) {
            pass(ours, theirs);
            pass(theirs, ours);
        }
        if (ours.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || theirs.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            throw new IllegalStateException("handshake not finished: " + ours.getHandshakeStatus());
        }
    }

    private static SSLEngine utls(KeyStore trusted) {
        return UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome"))
                .trustStore(trusted)
                .build()
                .createSSLEngine(HOST, 443);
    }

    private static SSLEngine jsse(KeyStore trusted) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        SSLEngine engine = context.createSSLEngine(HOST, 443);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLContext server(MirrorCertificates certificates) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "server", certificates.serverKey(), new char[0], new X509Certificate[] {certificates.server()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** Moves what one engine has to say during the handshake to the other. */
    private void pass(SSLEngine from, SSLEngine to) throws Exception {
        tasks(from);
        record.clear();
        while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            from.wrap(ByteBuffer.allocate(0), record);
            tasks(from);
        }
        record.flip();
        while (record.hasRemaining()) {
            int before = record.remaining();
            read.clear();
            to.unwrap(record, read);
            tasks(to);
            if (record.remaining() == before && to.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                break;
            }
        }
    }

    private static void tasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Benchmark
    public int thereAndBack() throws Exception {
        return move(ours, theirs) + move(theirs, ours);
    }

    private int move(SSLEngine from, SSLEngine to) throws Exception {
        plain.clear();
        record.clear();
        while (plain.hasRemaining()) {
            from.wrap(plain, record);
        }
        record.flip();
        read.clear();
        while (record.hasRemaining()) {
            to.unwrap(record, read);
        }
        return read.position();
    }
}
