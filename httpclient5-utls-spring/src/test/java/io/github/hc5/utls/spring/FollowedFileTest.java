package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What happens in a running application when the TOML file that it names changes. */
@Timeout(60)
class FollowedFileTest {

    @TempDir
    private static Path folder;

    private final Path file = folder.resolve("pool.toml");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(UtlsAutoConfiguration.class))
            .withPropertyValues(
                    "httpclient5.utls.config=" + file,
                    "httpclient5.utls.reload.interval=50ms",
                    "httpclient5.utls.pool.max-idle-conns=3",
                    "httpclient5.utls.pools.slow.pool.max-connections=20");

    /** Replaces the file in one step, as editors and mounted volumes do. */
    private void write(String toml) throws Exception {
        Path next = Files.writeString(folder.resolve("next.toml"), toml);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void allPoolsFollowItBelowTheirProperties() throws Exception {
        write("[pool]\nmax_connections = 30\nmax_conns_per_host = 5\n");
        runner.run(context -> {
            HotConnectionManager pool = context.getBean(HotConnectionManager.class);
            HotConnectionManager slow =
                    context.getBean(UtlsPools.class).get("slow").manager();
            assertThat(pool.getMaxTotal()).isEqualTo(30);
            assertThat(slow.getMaxTotal()).isEqualTo(20);
            write("""
                    [pool]
                    max_connections = 60
                    max_conns_per_host = 2
                    max_idle_conns = 9
                    [blacklist]
                    ips = ["192.0.2.0/24"]
                    """);
            until(() -> pool.getMaxTotal() == 60 && slow.getDefaultMaxPerRoute() == 2);
            assertThat(slow.getMaxTotal()).as("properties stand above the file").isEqualTo(20);
            InetAddress denied = InetAddress.getByName("192.0.2.7");
            until(() -> pool.addresses().filter().denies(denied)
                    && slow.addresses().filter().denies(denied));
        });
    }

    @Test
    void aWrongFileChangesNothingAndTheNextRightOneIsTakenOver() throws Exception {
        write("[pool]\nmax_connections = 30\n");
        runner.run(context -> {
            HotConnectionManager pool = context.getBean(HotConnectionManager.class);
            write("[pool]\nmax_connections = -1\nmax_conns_per_host = 2\n");
            write("[pool]\nmax_connections = \"many\"\n");
            write("[pool]\nmax_connections = 31\n");
            until(() -> pool.getMaxTotal() == 31);
            assertThat(pool.getDefaultMaxPerRoute()).isNotEqualTo(2);
        });
    }

    @Test
    void nothingLooksAtTheFileWhenTheApplicationHasEnded() throws Exception {
        write("[pool]\nmax_connections = 30\n");
        HotConnectionManager[] pool = new HotConnectionManager[1];
        runner.run(context -> pool[0] = context.getBean(HotConnectionManager.class));
        assertThat(pool[0].isClosed()).isTrue();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("utls-config")));
    }
}
