package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that do nothing but save their state, at random moments: what is found next is always a whole state, no
 * older than the last one whose saving was over. 10 times, 100 times with {@code -Pfull}.
 */
class StateKillTest {

    private static final int KILLS = Boolean.getBoolean("utls.full") ? 100 : 10;

    @TempDir
    Path folder;

    /** Saves numbered states from the one found on, and says after each which one it was. */
    static final class Saver {
        private Saver() {}

        public static void main(String[] args) throws IOException {
            StateFile store = new StateFile(Path.of(args[0]));
            PoolState before = store.load();
            int number = before == null ? 0 : States.number(before);
            System.out.println("found " + number);
            while (true) {
                store.save(States.numbered(++number));
                System.out.println(number);
                System.out.flush();
            }
        }
    }

    @Test
    void theNextStartFindsAWholeState() throws Exception {
        Path file = folder.resolve("state");
        Random random = new Random();
        int last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Saver.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            int told = last;
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(out.readLine()).as("start %d", kill).isEqualTo("found " + last);
                int savings = 1 + random.nextInt(60);
                for (int i = 0; i < savings; i++) {
                    told = Integer.parseInt(Objects.requireNonNull(out.readLine()));
                }
                // somewhere in the midst of the next ones
                long until = System.nanoTime() + random.nextInt(3_000_000);
                while (System.nanoTime() - until < 0) {
                    Thread.onSpinWait();
                }
                // by its handle, as the process itself would close the pipe before it is read
                process.toHandle().destroyForcibly();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as("killed by signal 9").isEqualTo(128 + 9);
                for (String line = out.readLine(); line != null && isWhole(line); line = out.readLine()) {
                    told = Integer.parseInt(line);
                }
            }
            PoolState found = new StateFile(file).load();
            assertThat(found).as("after kill %d", kill).isNotNull();
            int number = States.number(Objects.requireNonNull(found));
            assertThat(number).as("after kill %d", kill).isBetween(told, told + 1);
            assertThat(found).isEqualTo(States.numbered(number));
            last = number;
        }
        assertThat(folder.resolve("state.damaged")).doesNotExist();
        assertThat(Files.exists(file)).isTrue();
    }

    private static boolean isWhole(String line) {
        return line.matches("[0-9]+");
    }
}
