package io.github.hc5.utls.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.CapturedHellos;
import io.github.hc5.utls.fingerprint.ClientHelloFormatException;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.HelloComparison;
import io.github.hc5.utls.fingerprint.HelloMerge;
import io.github.hc5.utls.fingerprint.ProfileWriter;
import io.github.hc5.utls.it.Requirement;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hellos of real clients that are no browsers are imported, and what the profile sends has their structure. */
@Timeout(60)
class ReplayedClientsTest {

    private static final String HOST = "replayed.test";

    @Test
    void opensslClient() throws Exception {
        String openssl = Requirement.OPENSSL.executable().toString();
        requireReplay(port -> List.of(openssl, "s_client", "-connect", "127.0.0.1:" + port, "-servername", HOST));
    }

    @Test
    void opensslClientOfTls12() throws Exception {
        String openssl = Requirement.OPENSSL.executable().toString();
        requireReplay(port -> List.of(
                openssl, "s_client", "-tls1_2", "-connect", "127.0.0.1:" + port, "-servername", HOST, "-alpn", "h2"));
    }

    @Test
    void curl() throws Exception {
        String curl = Requirement.CURL.executable().toString();
        requireReplay(port -> List.of(
                curl, "-sk", "--resolve", HOST + ":" + port + ":127.0.0.1", "https://" + HOST + ":" + port + "/"));
    }

    @Test
    void jdk() throws Exception {
        byte[] hello = hello(SSLContext.getDefault().createSSLEngine(HOST, 443));
        requireSame(List.of(ClientHelloParser.parse(hello)));
    }

    private interface CommandLine {
        List<String> on(int port);
    }

    private static void requireReplay(CommandLine command) throws Exception {
        List<ClientHelloMessage> hellos = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hellos.addAll(CapturedHellos.read(capture(command)));
        }
        requireSame(hellos);
    }

    private static void requireSame(List<ClientHelloMessage> hellos) throws IOException {
        HelloMerge.Merged merged = HelloMerge.merge(hellos, false);
        String toml = new ProfileWriter("replayed", BrowserProfiles.find("chrome"), "a test", merged).toToml();
        BrowserProfile profile = BrowserProfiles.parse("replayed.toml", toml);

        ClientHelloMessage replayed = ClientHelloParser.parse(
                hello(UtlsSslContext.builder().profile(profile).build().createSSLEngine(HOST, 443)));

        assertThat(HelloMerge.merge(List.of(replayed), false).spec()).isEqualTo(merged.spec());
        assertThat(HelloComparison.compare(hellos, profile.hello()))
                .filteredOn(field -> !field.equal())
                .isEmpty();
        assertThat(replayed.extensionTypes()).isEqualTo(hellos.get(0).extensionTypes());
        assertThat(replayed.cipherSuites()).isEqualTo(hellos.get(0).cipherSuites());
    }

    /** Runs a client against a socket that takes its hello and hangs up. */
    private static byte[] capture(CommandLine command) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(20_000);
            Process client = new ProcessBuilder(command.on(server.getLocalPort()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(20_000);
                return helloOf(socket.getInputStream());
            } finally {
                client.destroy();
                client.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static byte[] helloOf(InputStream in) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            received.write(buffer, 0, count);
            try {
                ClientHelloParser.parse(received.toByteArray());
                return received.toByteArray();
            } catch (ClientHelloFormatException e) {
                if (received.size() > ClientHelloParser.MAX_MESSAGE_LENGTH) {
                    throw e;
                }
            }
        }
        throw new IOException("the client closed after " + received.size() + " bytes");
    }

    private static byte[] hello(SSLEngine engine) throws IOException {
        engine.setUseClientMode(true);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.beginHandshake();
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), record);
            record.flip();
            records.write(record.array(), record.position(), record.remaining());
            record.clear();
        }
        return records.toByteArray();
    }
}
