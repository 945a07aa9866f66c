package io.github.hc5.utls.it.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@link NodeMain} that has been started. */
final class NodeProcess implements AutoCloseable {

    private static final Pattern LOGGED_STATE = Pattern.compile("RedisLink - Redis \\S+: (\\w+)");
    private static final String ESTABLISHED = "01";

    private final Process process;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile String[] last = {"0", "0", "0", "CONNECTING"};

    NodeProcess(String redis, int limit, long leaseMillis, String uri, int concurrency, long timeoutMillis)
            throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.io.github.hc5.utls.cluster=info",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        redis,
                        String.valueOf(limit),
                        String.valueOf(leaseMillis),
                        uri,
                        String.valueOf(concurrency),
                        String.valueOf(timeoutMillis))
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

    /** Returns the states that the link to Redis has logged, in their order. */
    List<String> loggedStates() {
        return failures.stream()
                .map(LOGGED_STATE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).toUpperCase(Locale.ROOT))
                .toList();
    }

    /** Returns what it wrote besides its figures: failures of requests, and the log. */
    List<String> failures() {
        return failures;
    }

    /** Counts its open connections to a port of this machine, as the kernel sees them. */
    long connectionsTo(int port) throws IOException {
        Set<String> own = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors) {
                own.add(target(descriptor));
            }
        }
        String remote = String.format(":%04X", port);
        long count = 0;
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length > 9
                        && words[2].endsWith(remote)
                        && words[3].equals(ESTABLISHED)
                        && own.contains("socket:[" + words[9] + "]")) {
                    count++;
                }
            }
        }
        return count;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed just now";
        }
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
