package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fetch --config}: what the file says is in force, and given options stand. */
class FetchConfigTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static MirrorServer server;
    private static MirrorServer other;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws IOException {
        server = MirrorServer.start(MirrorSettings.defaults());
        other = MirrorServer.start(MirrorSettings.defaults());
    }

    @AfterAll
    static void stop() {
        server.close();
        other.close();
    }

    private String authorityOf(MirrorServer mirror) throws IOException {
        Path file = directory.resolve(mirror == server ? "ca.pem" : "other.pem");
        mirror.writeCa(file);
        return file.toString();
    }

    /** Writes a file that trusts the server and says what the lines say. */
    private String config(String... lines) throws IOException {
        return write("tls.trust_store = \"" + authorityOf(server) + "\"\n" + String.join("\n", lines));
    }

    private String write(String toml) throws IOException {
        return Files.writeString(directory.resolve("fetch.toml"), toml).toString();
    }

    private static List<JsonNode> lines(Outcome outcome) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : outcome.outLines()) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    private static JsonNode one(Outcome outcome) throws IOException {
        assertThat(outcome.status()).as("%s", outcome).isZero();
        return lines(outcome).get(0);
    }

    private String userAgentSeen(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("fetch"));
        arguments.addAll(List.of(options));
        arguments.add(server.url());
        Outcome outcome = Outcome.of(arguments.toArray(new String[0]));
        assertThat(outcome.status()).as("%s", outcome).isZero();
        return MAPPER.readTree(outcome.out()).get("headers").toString();
    }

    @Test
    void theFileChoosesTheBrowser() throws IOException {
        String file = config("fingerprint.profile = \"firefox\"");
        assertThat(userAgentSeen("--config", file)).contains("Firefox/");
        assertThat(one(Outcome.of("fetch", "--json", "--config", file, server.url()))
                        .get("profile")
                        .asText())
                .startsWith("firefox-");
    }

    @Test
    void theReportNamesTheBrowserThatAHostWasShown() throws IOException {
        String file = config("[limits.localhost]", "profile = \"safari-18.5\"");
        assertThat(one(Outcome.of("fetch", "--json", "--config", file, server.url()))
                        .get("profile")
                        .asText())
                .isEqualTo("safari-18.5");
    }

    @Test
    void theFileLimitsTheConnections() throws IOException {
        String file = config("tls.http_version = \"http1\"", "pool.max_conns_per_host = 2");
        Outcome outcome = Outcome.of(
                "fetch", "--json", "--config", file, "--repeat", "16", "--concurrency", "8", server.url() + "delay/20");
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(lines(outcome))
                .hasSize(16)
                .allSatisfy(line -> assertThat(line.get("protocol").asText()).isEqualTo("http/1.1"));
        assertThat(lines(outcome).stream()
                        .map(line -> line.get("local").asText())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void theFileLimitsTheRate() throws IOException {
        String file = config("[rate]", "per_second = 0.001", "max_wait = 0");
        Outcome outcome = Outcome.of("fetch", "--json", "--config", file, "--repeat", "2", server.url());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(lines(outcome))
                .extracting(line -> line.get("error").isNull())
                .containsExactly(true, false);
    }

    @Test
    void anAddressOfTheBlacklistIsNotDialled() throws IOException {
        String file = config("blacklist.ips = [\"127.0.0.0/8\"]");
        Outcome outcome = Outcome.of("fetch", "--json", "--config", file, server.url());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(lines(outcome).get(0).get("error").asText()).contains("127.0.0.1");
    }

    @Test
    void anAnswerIsAnAnswerWhateverTheFileSaysOfRetries() throws IOException {
        String file = config("retry.busy_tries = 5");
        long before = requests();
        assertThat(one(Outcome.of("fetch", "--json", "--config", file, server.url() + "status/503"))
                        .get("status")
                        .intValue())
                .isEqualTo(503);
        assertThat(requests()).isEqualTo(before + 1);
    }

    private static long requests() {
        return server.connections().stream()
                .mapToLong(connection -> connection.requests())
                .sum();
    }

    @Test
    void givenOptionsStand() throws IOException {
        String file = write(String.join(
                "\n",
                "fingerprint.profile = \"firefox\"",
                "tls.trust_store = \"" + authorityOf(other) + "\"",
                "timeouts.operation = \"1ms\"",
                "[limits.localhost]",
                "profile = \"safari-18.5\""));
        String[] options = {
            "fetch",
            "--json",
            "--config",
            file,
            "--ca",
            authorityOf(server),
            "--profile",
            "chrome-156",
            "--http1",
            "--timeout",
            "60",
            server.url()
        };
        JsonNode line = one(Outcome.of(options));
        assertThat(line.get("profile").asText()).isEqualTo("chrome-156");
        assertThat(line.get("protocol").asText()).isEqualTo("http/1.1");
        assertThat(userAgentSeen("--config", file, "--ca", authorityOf(server), "--profile", "chrome", "--timeout=60"))
                .contains("Chrome/156");
    }

    @Test
    void aProfileFileStandsToo() throws IOException {
        Path profile = Files.writeString(
                directory.resolve("mine.toml"),
                "name = \"mine\"\nextends = \"firefox-153\"\nsource = \"made up\"\ndate = 2026-11-21\n");
        String file = config("fingerprint.policy = \"per_host\"");
        assertThat(one(Outcome.of("fetch", "--json", "--config", file, "--profile", profile.toString(), server.url()))
                        .get("profile")
                        .asText())
                .isEqualTo("mine");
    }

    @Test
    void whatIsWrongInTheFileIsSaidOnOneLine() throws IOException {
        String file = write("[pool]\nmax_connections = 0\nmax_conn = 3\n");
        Outcome outcome = Outcome.of("fetch", "--config", file, server.url());
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .contains(file + ":2:", "pool.max_connections", file + ":3:", "pool.max_conn");
    }

    @Test
    void anUnknownProfileIsRefused() throws IOException {
        Outcome outcome = Outcome.of("fetch", "--config", config(), "--profile", "chrme-156", server.url());
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("chrme-156");
    }
}
