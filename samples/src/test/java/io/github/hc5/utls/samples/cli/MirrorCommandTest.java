package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorCommandTest {

    @TempDir
    Path home = Path.of("");

    @BeforeEach
    void setHome() {
        System.setProperty("utls.home", home.toString());
    }

    @AfterEach
    void clearHome() {
        System.clearProperty("utls.home");
    }

    @Test
    void servesUntilItIsInterrupted() throws Exception {
        PipedInputStream pipe = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(pipe), false, StandardCharsets.UTF_8);
        FutureTask<Integer> status =
                new FutureTask<>(() -> UtlsCommand.run(new Terminal(out, out, false, false), "mirror"));
        Thread command = new Thread(status);
        command.start();
        BufferedReader lines = new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8));
        String url = lines.readLine();
        assertThat(url).matches("https://localhost:\\d+/");
        Path ca = home.resolve("samples/target/mirror-ca.pem");
        assertThat(lines.readLine()).isEqualTo("CA certificate: " + ca);

        Outcome fetched = Outcome.of("fetch", "--ca", ca.toString(), url);
        assertThat(fetched.status()).isZero();
        assertThat(fetched.out()).contains("\"ja4\"", "t13d1517h2_8daaf6152771_cb7bf5808d99");

        command.interrupt();
        assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(Outcome.of("fetch", "--ca", ca.toString(), url).err()).contains("refused");
    }

    @Test
    void aPortInUseIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = Outcome.of("mirror", "--port", String.valueOf(taken.getLocalPort()));
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.errLines())
                    .singleElement()
                    .asString()
                    .contains("port " + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void aPortThatCannotBeIsOneLine() {
        Outcome outcome = Outcome.of("mirror", "--port", "65536");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("65536", "0 to 65535");
    }
}
