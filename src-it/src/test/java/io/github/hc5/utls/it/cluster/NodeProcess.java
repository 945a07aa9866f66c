package io.github.hc5.utls.it.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link NodeMain} that has been started. */
final class NodeProcess implements AutoCloseable {

    private final Process process;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile String[] last = {"0", "0", "0", "CONNECTING"};

    NodeProcess(String redis, int limit, long leaseMillis, String uri, int concurrency) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        redis,
                        String.valueOf(limit),
                        String.valueOf(leaseMillis),
                        uri,
                        String.valueOf(concurrency))
                .redirectErrorStream(true)
                .start();
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 4 && words[0].matches("\\d+")) {
                    last = words;
                } else {
                    failures.add(line);
                }
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    long answered() {
        return Long.parseLong(last[0]);
    }

    long failed() {
        return Long.parseLong(last[1]);
    }

    int held() {
        return Integer.parseInt(last[2]);
    }

    String state() {
        return last[3];
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        return String.join(" ", last) + " " + failures;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
