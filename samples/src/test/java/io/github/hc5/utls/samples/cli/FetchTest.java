package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fetch} against a mirror server on loopback. */
class FetchTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    static Path directory = Path.of("");

    private static MirrorServer server;
    private static String ca;

    @BeforeAll
    static void startServer() throws IOException {
        server = MirrorServer.start(MirrorSettings.defaults().withNames("mirror.test"));
        Path file = directory.resolve("ca.pem");
        server.writeCa(file);
        ca = file.toString();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void theBodyGoesToStdoutAndNothingElseIsSaid() {
        Outcome outcome = Outcome.of("fetch", "--ca", ca, url("echo"), "-d", "hello");
        assertThat(outcome).isEqualTo(new Outcome(0, "hello", ""));
    }

    @Test
    void aTerminalGetsASummaryOfEachAnswer() {
        Outcome outcome = Outcome.onTerminal("fetch", "--ca", ca, url("bytes/3"), url("status/404"));
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err())
                .containsPattern(
                        "(?m)^200 h2 .*/bytes/3 +3 bytes .*\\(connected in .*127\\.0\\.0\\.1:\\d+ as chrome-156$")
                .containsPattern("(?m)^404 h2 .*/status/404 .*\\(reused\\)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome-156", "firefox-153"})
    void jsonSaysWhatTheServerKnowsOfTheConnection(String profile) throws IOException {
        Path body = directory.resolve(profile + ".json");
        Outcome outcome =
                Outcome.of("fetch", "--json", "--profile", profile, "--ca", ca, "-o", body.toString(), url("a?b=c"));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        JsonNode line = MAPPER.readTree(outcome.out());
        JsonNode seen = MAPPER.readTree(body.toFile());
        assertThat(fieldNames(line))
                .containsExactly(
                        "url",
                        "status",
                        "protocol",
                        "remote",
                        "local",
                        "profile",
                        "ms",
                        "connect_ms",
                        "reused",
                        "resumed",
                        "bytes",
                        "error");
        assertThat(line.get("url").asText()).isEqualTo(url("a?b=c"));
        assertThat(line.get("status").intValue()).isEqualTo(200);
        assertThat(line.get("protocol").asText())
                .isEqualTo("h2")
                .isEqualTo(seen.get("alpn").asText());
        assertThat(line.get("remote").asText()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(line.get("local").asText())
                .isEqualTo(seen.get("remote_address").asText());
        assertThat(line.get("profile").asText()).isEqualTo(profile);
        assertThat(line.get("connect_ms").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(line.get("ms").doubleValue());
        assertThat(line.get("reused").booleanValue()).isFalse();
        assertThat(line.get("resumed").booleanValue())
                .isEqualTo(seen.get("resumed").booleanValue());
        assertThat(line.get("bytes").longValue()).isEqualTo(Files.size(body));
        assertThat(line.get("error").isNull()).isTrue();
    }

    @Test
    void requestsInARowShareAConnection() throws IOException {
        List<JsonNode> lines = json(Outcome.of("fetch", "--json", "--repeat", "3", "--ca", ca, url("a"), url("b")));
        assertThat(lines)
                .extracting(line -> line.get("url").asText())
                .containsExactly(url("a"), url("b"), url("a"), url("b"), url("a"), url("b"));
        assertThat(lines)
                .extracting(line -> line.get("reused").booleanValue())
                .containsExactly(false, true, true, true, true, true);
        assertThat(lines)
                .extracting(line -> line.get("local").asText())
                .containsOnly(lines.get(0).get("local").asText());
        assertThat(lines.subList(1, 6))
                .extracting(line -> line.get("connect_ms").doubleValue())
                .containsOnly(0.0);
    }

    @Test
    void http1IsHttp1() throws IOException {
        List<JsonNode> lines = json(Outcome.of("fetch", "--json", "--http1", "--repeat", "2", "--ca", ca, url("")));
        assertThat(lines).extracting(line -> line.get("protocol").asText()).containsOnly("http/1.1");
        assertThat(lines).extracting(line -> line.get("reused").booleanValue()).containsExactly(false, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1", "--timeout=60"})
    void bodiesComeInTheOrderOfTheRequestsWhateverTheOrderOfTheAnswers(String option) throws IOException {
        Path file = directory.resolve("bodies");
        Outcome outcome = Outcome.of(
                "fetch",
                option,
                "--ca",
                ca,
                "--concurrency",
                "4",
                "-o",
                file.toString(),
                url("delay/300"),
                url("bytes/200000"),
                url("bytes/3"));
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        byte[] written = Files.readAllBytes(file);
        int first = written.length - 200_003;
        assertThat(new String(written, 0, first, StandardCharsets.UTF_8))
                .contains("/delay/300")
                .endsWith("}\n");
        for (int i = 0; i < 200_000; i++) {
            if (written[first + i] != (byte) i) {
                assertThat(written[first + i]).as("byte %d", i).isEqualTo((byte) i);
            }
        }
        assertThat(written).endsWith(0, 1, 2);
    }

    @Test
    void concurrentRequestsAllGetTheirAnswers() throws IOException {
        List<JsonNode> lines = json(
                Outcome.of("fetch", "--json", "--repeat", "60", "--concurrency", "8", "--ca", ca, url("bytes/100000")));
        assertThat(lines).hasSize(60);
        assertThat(lines).extracting(line -> line.get("bytes").longValue()).containsOnly(100_000L);
        assertThat(lines).filteredOn(line -> !line.get("reused").booleanValue()).hasSizeBetween(1, 8);
    }

    @Test
    void aLargeBodyIsWrittenAsItComes() throws IOException {
        Path file = directory.resolve("large");
        Outcome outcome = Outcome.of("fetch", "--json", "--ca", ca, "-o", file.toString(), url("bytes/20000000"));
        assertThat(json(outcome).get(0).get("bytes").longValue()).isEqualTo(20_000_000);
        assertThat(Files.size(file)).isEqualTo(20_000_000);
    }

    @Test
    void methodHeadersAndBodyAreSentAsGiven() throws IOException {
        JsonNode seen = MAPPER.readTree(Outcome.of(
                        "fetch", "--ca", ca, "-X", "PUT", "-d", "a=b", "-H", "X-One: 1", "-H", "X-Two:  2 ", url("x"))
                .out());
        assertThat(seen.get("method").asText()).isEqualTo("PUT");
        assertThat(seen.get("body_length").intValue()).isEqualTo(3);
        assertThat(header(seen, "x-one")).isEqualTo("1");
        assertThat(header(seen, "x-two")).isEqualTo("2");
        assertThat(header(seen, "content-type")).startsWith("application/x-www-form-urlencoded");
    }

    @Test
    void dataMakesAPostAndMayComeFromAFile() throws IOException {
        Path data = Files.writeString(directory.resolve("data.json"), "{}");
        Outcome outcome = Outcome.of(
                "fetch", "--ca", ca, "-d", "@" + data, "-H", "Content-Type: application/json", url("anything"));
        JsonNode seen = MAPPER.readTree(outcome.out());
        assertThat(seen.get("method").asText()).isEqualTo("POST");
        assertThat(seen.get("body_length").intValue()).isEqualTo(2);
        assertThat(header(seen, "content-type")).isEqualTo("application/json");
    }

    @Test
    void resolveLeadsAHostToItsAddressesInTurn() throws IOException {
        Outcome outcome = Outcome.of(
                "fetch",
                "--json",
                "--ca",
                ca,
                "--resolve",
                "mirror.test=127.0.0.2,127.0.0.1",
                "https://mirror.test:" + server.port() + "/");
        // 127.0.0.2 refuses, as the server listens on 127.0.0.1 alone.
        assertThat(json(outcome).get(0).get("remote").asText()).isEqualTo("127.0.0.1:" + server.port());
    }

    @Test
    void anAnswerIsAnAnswerWhateverItsStatus() throws IOException {
        List<JsonNode> lines = json(
                Outcome.of("fetch", "--json", "--ca", ca, url("status/503"), url("status/302"), url("status/204")));
        assertThat(lines).extracting(line -> line.get("status").intValue()).containsExactly(503, 302, 204);
    }

    @Test
    void oneFailureAmongAnswersIsReportedAndFailsTheRun() throws IOException {
        String refused = "https://localhost:" + unusedPort() + "/";
        Outcome outcome = Outcome.of("fetch", "--json", "--ca", ca, url("a"), refused, url("b"));
        assertThat(outcome.status()).isEqualTo(1);
        List<JsonNode> lines = lines(outcome);
        assertThat(lines).extracting(line -> line.get("error").isNull()).containsExactly(true, false, true);
        JsonNode failed = lines.get(1);
        assertThat(failed.get("status").isNull()).isTrue();
        assertThat(failed.get("remote").isNull()).isTrue();
        assertThat(failed.get("error").asText()).contains("cannot connect to localhost:", "refused");
    }

    @Test
    void aFailureThatRepeatsIsSaidOnce() throws IOException {
        String refused = "https://localhost:" + unusedPort() + "/";
        Outcome outcome = Outcome.of("fetch", "--repeat", "5", refused);
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errLines()).hasSize(2);
        assertThat(outcome.errLines().get(1)).isEqualTo("utls: 5 of 5 requests failed");
    }

    @Test
    void aRunWithoutAnswerLeavesTheOutputFileAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "precious");
        Outcome outcome = Outcome.of("fetch", "-o", file.toString(), "https://localhost:" + unusedPort() + "/");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(file).hasContent("precious");
    }

    @Test
    void anEmptyBodyMakesAnEmptyFile() throws IOException {
        Path file = Files.writeString(directory.resolve("emptied"), "before");
        assertThat(Outcome.of("fetch", "--ca", ca, "-o", file.toString(), url("bytes/0"))
                        .status())
                .isZero();
        assertThat(file).isEmptyFile();
    }

    @Test
    void anOutputThatCannotBeWrittenIsOneLine() {
        String file = directory.resolve("no-such-directory").resolve("file").toString();
        Outcome outcome =
                Outcome.of("fetch", "--ca", ca, "--repeat", "3", "--concurrency", "2", "-o", file, url("bytes/10"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errLines()).singleElement().asString().contains("cannot write " + file);
    }

    @Test
    void jsonThatNobodyReadsEndsTheRun() {
        PrintStream closed = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(closed, new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
        int status = UtlsCommand.run(terminal, "fetch", "--json", "--ca", ca, "--repeat", "1000000", url(""));
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("utls: cannot write the output: its reader has gone\n");
    }

    @Test
    void debugShowsTheStackTraceOfAFailedRequest() throws IOException {
        String refused = "https://localhost:" + unusedPort() + "/";
        Outcome outcome = Outcome.of("fetch", "--debug", refused);
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errLines().get(0)).startsWith("utls: " + refused);
        assertThat(outcome.err()).contains("HttpHostConnectException", "\tat ");
    }

    private static String url(String path) {
        return server.url() + path;
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static List<JsonNode> json(Outcome outcome) throws IOException {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        return lines(outcome);
    }

    private static List<JsonNode> lines(Outcome outcome) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : outcome.outLines()) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String header(JsonNode seen, String name) {
        List<String> values = new ArrayList<>();
        for (JsonNode field : seen.get("headers")) {
            if (field.get(0).asText().toLowerCase(Locale.ROOT).equals(name)) {
                values.add(field.get(1).asText());
            }
        }
        return String.join("|", values);
    }
}
