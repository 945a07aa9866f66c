package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pool's file may change while the service runs; what the service guards, it does not loosen. */
@Timeout(60)
class ReloadTest {

    @TempDir
    private Path folder;

    private void write(String toml) throws Exception {
        Path next = Files.writeString(folder.resolve("next.toml"), toml);
        Files.move(
                next, folder.resolve("pool.toml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Service start(String... more) throws Exception {
        String[] all = new String[more.length + 2];
        all[0] = "httpclient5.utls.config=" + folder.resolve("pool.toml");
        all[1] = "httpclient5.utls.reload.interval=20ms";
        System.arraycopy(more, 0, all, 2, more.length);
        return Service.start(all);
    }

    private static String outcome(Service service, String url) throws Exception {
        JsonNode line = service.fetch(url).get(0);
        return line.has("error")
                ? line.get("error").get("type").stringValue().substring(ProblemException.TYPES.length())
                : line.get("status").toString();
    }

    @Test
    void noReloadLetsAnybodyReachPrivateAddresses() throws Exception {
        write("[pool]\nmax_connections = 30\n");
        try (TargetServer inside = new TargetServer();
                Service service = start("crawler.targets.addresses=")) {
            HotConnectionManager pool = service.context.getBean(HotConnectionManager.class);
            assertThat(outcome(service, inside.url("/secret"))).isEqualTo("address-refused");
            // as somebody would who means another service's file, or wants to allow more
            write("[pool]\nmax_connections = 31\n[whitelist]\nips = [\"127.0.0.0/8\", \"::1\"]\n");
            Await.until(() -> pool.getMaxTotal() == 31);
            assertThat(outcome(service, inside.url("/secret"))).isEqualTo("address-refused");
            write("[pool]\nmax_connections = 32\n[blacklist]\nprivate_ranges = false\n");
            Await.until(() -> pool.getMaxTotal() == 32);
            assertThat(outcome(service, inside.url("/secret"))).isEqualTo("address-refused");
            assertThat(inside.asked).isEmpty();
        }
    }

    @Test
    void whatThePoolsFileForbidsIsForbiddenBesides() throws Exception {
        write("[blacklist]\nips = [\"127.0.0.0/8\", \"::1\"]\n");
        try (TargetServer site = new TargetServer();
                Service service = start()) {
            assertThat(outcome(service, site.url("/page"))).isEqualTo("address-refused");
            assertThat(site.asked).isEmpty();
            write("[pool]\nmax_connections = 31\n");
            HotConnectionManager pool = service.context.getBean(HotConnectionManager.class);
            Await.until(() -> pool.getMaxTotal() == 31);
            assertThat(outcome(service, site.url("/page"))).isEqualTo("200");
        }
    }

    @Test
    void whatTheFileSaysOfRetriesHolds() throws Exception {
        write("[retry]\nbusy_tries = 1\n");
        try (TargetServer site = new TargetServer();
                Service service = start()) {
            assertThat(outcome(service, site.url("/status/503"))).isEqualTo("503");
            assertThat(site.asked).hasSize(1);
        }
    }
}
