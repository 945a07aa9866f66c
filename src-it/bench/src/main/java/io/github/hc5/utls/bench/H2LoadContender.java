package io.github.hc5.utls.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * h2load of nghttp2: C, no client library, the bound that no client passes. As many streams on a connection as the
 * server allows, as the multiplexing clients do.
 */
final class H2LoadContender implements Contender {

    private static final int STREAMS = 128;
    private static final char TAB = '\t';
    private static final Pattern FINISHED =
            Pattern.compile("finished in [\\d.]+\\w+, ([\\d.]+) req/s", Pattern.CASE_INSENSITIVE);
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) succeeded, (\\d+) failed, (\\d+) errored");
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");
    private static final Pattern CPU = Pattern.compile("cpu ([\\d.]+) ([\\d.]+)");

    private final Path program;

    H2LoadContender(Path program) {
        this.program = program;
    }

    @Override
    public String title() {
        return "h2load";
    }

    @Override
    public Optional<Outcome> perform(Task task) throws IOException {
        if (task.kind() != Task.Kind.LOAD || task.uris().size() > 1) {
            return Optional.empty();
        }
        Path log = Files.createTempFile("h2load", ".log");
        try {
            int connections = Math.max(1, task.concurrency() / STREAMS);
            String output = run(List.of(
                    "bash",
                    "-c",
                    "TIMEFORMAT='cpu %U %S'; time \"$@\"",
                    "time",
                    program.toString(),
                    "-D",
                    task.millis() + "ms",
                    "-c",
                    Integer.toString(connections),
                    "-m",
                    Integer.toString(task.concurrency() / connections),
                    "--log-file=" + log,
                    task.uris().get(0)));
            return Optional.of(outcome(output, log, task.millis() / 1000.0));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** Reads what h2load printed, and its log: start, status and microseconds of each request. */
    static Outcome outcome(String output, Path log, double seconds) throws IOException {
        Matcher finished = FINISHED.matcher(output);
        Matcher requests = REQUESTS.matcher(output);
        Matcher cpu = CPU.matcher(output);
        Matcher data = DATA.matcher(output);
        if (!finished.find() || !requests.find() || !data.find() || !cpu.find()) {
            throw new IOException("cannot read what h2load printed: " + output);
        }
        long[] micros;
        try (Stream<String> lines = Files.lines(log)) {
            micros = lines.mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(TAB) + 1)))
                    .sorted()
                    .toArray();
        }
        return new Outcome(
                Long.parseLong(requests.group(1)),
                Long.parseLong(requests.group(2)) + Long.parseLong(requests.group(3)),
                null,
                seconds,
                Double.parseDouble(cpu.group(1)) + Double.parseDouble(cpu.group(2)),
                0,
                Long.parseLong(data.group(1)),
                percentile(micros, 0.5),
                percentile(micros, 0.99),
                percentile(micros, 0.999),
                0,
                0);
    }

    private static double percentile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {}
}
