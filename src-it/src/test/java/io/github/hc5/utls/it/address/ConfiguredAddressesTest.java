package io.github.hc5.utls.it.address;

import static io.github.hc5.utls.it.address.ManyAddresses.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.TestPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotation and bans by configuration alone, and a ban list that is changed while requests go on. */
class ConfiguredAddressesTest {

    @TempDir
    Path folder;

    private Path write(String host, String... more) throws Exception {
        Path authority = folder.resolve("ca.pem");
        Files.writeString(
                authority,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(TestPki.SERVERS.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return Files.writeString(folder.resolve("utls.toml"), """
            reload.interval = 0
            [tls]
            trust_store = "%s"
            http_version = "http1"
            [rotation]
            policy = "round_robin"
            [rotation.addresses]
            "%s" = ["127.0.6.51", "127.0.6.52", "127.0.6.53", "127.0.6.54"]
            [bans]
            statuses = [429]
            probe = false
            [retry]
            busy_statuses = []
            banned_statuses = [429]
            """.formatted(authority, host) + String.join("\n", more));
    }

    private static void get(CloseableHttpAsyncClient client, String uri, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(client.execute(SimpleRequestBuilder.get(uri).build(), null)
                            .get(30, TimeUnit.SECONDS)
                            .getCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void requestsRotateAndAvoidWhatIsBannedOrListed() throws Exception {
        try (ManyAddresses server =
                new ManyAddresses(HttpVersionPolicy.FORCE_HTTP_1).listen(ManyAddresses.addresses(51, 4))) {
            Path file = write(CertificateAuthority.SERVER_NAME);
            UtlsParts parts = UtlsParts.load(
                    ConfigLoader.empty().file(file), builder -> builder.setDnsResolver(new Names(List.of())));
            try (CloseableHttpAsyncClient client = parts.asyncClient()) {
                get(client, server.uri(), 40);
                for (int i = 51; i <= 54; i++) {
                    assertThat(server.requests(address(i))).isEqualTo(10);
                }

                server.answer(address(51), 429);
                get(client, server.uri(), 30);
                assertThat(server.requests(address(51))).isEqualTo(11);
                assertThat(parts.manager().addresses().bans())
                        .singleElement()
                        .satisfies(ban -> assertThat(ban.address()).isEqualTo(address(51)));

                write(CertificateAuthority.SERVER_NAME, "[blacklist]", "ips = [\"127.0.6.52\"]");
                int before = server.requests(address(52));
                assertThat(parts.reload()).isTrue();
                get(client, server.uri(), 30);
                assertThat(server.requests(address(52))).isEqualTo(before);
            }
        }
    }
}
