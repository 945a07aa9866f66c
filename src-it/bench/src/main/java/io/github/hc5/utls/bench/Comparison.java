package io.github.hc5.utls.bench;

import io.github.hc5.utls.bench.clients.JvmClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All clients against one server: each in a process of its own, warmed up, three rounds in rotating order, the median
 * and its range. Only one client works at a time.
 *
 * <p>Arguments: {@code quick} or {@code full}; the directory of the report; then {@code --guard} to fail where a ratio
 * to the stock client lies below its floor, {@code --clients=A,B} for some clients, {@code --only=TEXT} for the workloads whose
 * title contains the text, and {@code --lasting=ROUNDS,WARM_UP_MS,LOAD_MS} for another length.
 */
public final class Comparison {

    private static final int GUARDED = 1;

    private final Plan plan;
    private final Set<String> clients;
    private final Path directory;

    private Comparison(Plan plan, Set<String> clients, Path directory) {
        this.plan = plan;
        this.clients = clients;
        this.directory = directory;
    }

    /** Runs a plan and writes its report. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = arguments[0].equals("full") ? Plan.full() : Plan.quick();
        Set<String> clients = new TreeSet<>();
        boolean guard = false;
        for (String argument : List.of(arguments).subList(2, arguments.length)) {
            if (argument.equals("--guard")) {
                guard = true;
            } else if (argument.startsWith("--clients=")) {
                clients.addAll(List.of(argument.substring("--clients=".length()).split(",", -1)));
            } else if (argument.startsWith("--only=")) {
                plan = plan.only(argument.substring("--only=".length()));
            } else if (argument.matches("--lasting=\\d+,\\d+,\\d+")) {
                String[] length = argument.substring("--lasting=".length()).split(",", -1);
                plan = plan.lasting(Integer.parseInt(length[0]), Long.parseLong(length[1]), Long.parseLong(length[2]));
            } else {
                throw new IllegalArgumentException(argument + ": not known; allowed are --guard, --clients=A,B, "
                        + "--only=TEXT, --lasting=ROUNDS,WARM_UP_MS,LOAD_MS");
            }
        }
        List<String> violations = new Comparison(plan, clients, Path.of(arguments[1])).run();
        if (guard && !violations.isEmpty()) {
            violations.forEach(System.err::println);
            System.exit(GUARDED);
        }
    }

    private List<String> run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        try (BenchServer server = BenchServer.start()) {
            List<Contender> contenders = contenders(server);
            Results results = new Results();
            try {
                warmUp(contenders, server);
                for (int round = 1; round <= plan.rounds(); round++) {
                    for (Workload workload : plan.workloads()) {
                        if (round > 1 && workload.group() == Workload.Group.IDLE) {
                            // memory is the same each time
                            continue;
                        }
                        measure(workload, contenders, server, results, round);
                        Collections.rotate(contenders, 1);
                    }
                }
            } finally {
                for (Contender contender : contenders) {
                    contender.close();
                }
            }
            Report report = new Report(results, JvmClient.HOT.title());
            report.write(directory, preface(server));
            System.out.println("Report: " + directory.resolve("report.md"));
            return Floors.load().violations(report, plan.workloads(), JvmClient.STOCK.title());
        }
    }

    private List<Contender> contenders(BenchServer server) throws IOException {
        Path log = directory.resolve("clients.log");
        Files.deleteIfExists(log);
        List<Contender> contenders = new ArrayList<>();
        for (JvmClient client : JvmClient.values()) {
            if (isChosen(client.name())) {
                contenders.add(ProcessContender.jvm(client, server.authority(), jvmOptions(), log));
            }
        }
        String impersonator = System.getProperty("bench.impersonator", "");
        if (!impersonator.isBlank() && isChosen("IMPERSONATOR")) {
            contenders.add(ProcessContender.jvm(
                    "impersonator, as Firefox",
                    "io.github.hc5.utls.bench.impersonator.ImpersonatorLoadClient",
                    impersonator,
                    server.authority(),
                    jvmOptions(),
                    log));
        }
        Path node = Programs.find("node");
        Path load = Path.of(System.getProperty("bench.node", "."), "load.mjs").toAbsolutePath();
        for (String client : List.of("impit", "wreq-js")) {
            if (node != null && Files.exists(load) && isChosen(client.toUpperCase(Locale.ROOT))) {
                contenders.add(ProcessContender.other(
                        client + ", Node", List.of(node.toString(), load.toString(), client), log));
            }
        }
        Path h2load = Programs.find("h2load");
        if (h2load != null && isChosen("H2LOAD")) {
            contenders.add(new H2LoadContender(h2load));
        }
        return contenders;
    }

    private boolean isChosen(String client) {
        return clients.isEmpty() || clients.contains(client);
    }

    private static List<String> jvmOptions() {
        String options = System.getProperty("bench.jvm", "");
        return options.isBlank() ? List.of() : List.of(options.split(" ", -1));
    }

    private void warmUp(List<Contender> contenders, BenchServer server) throws IOException {
        for (Contender contender : contenders) {
            System.out.println("warming up " + contender.title());
            for (Task task : plan.warmUp(server)) {
                Optional<Outcome> unused = contender.perform(task);
            }
        }
    }

    private void measure(Workload workload, List<Contender> contenders, BenchServer server, Results results, int round)
            throws IOException {
        if (workload.hosts() > 1 && !server.hasManyHosts()) {
            System.out.println(workload.title() + ": skipped, needs nginx (apt-get install nginx-light)");
            return;
        }
        Task task = workload.at(server);
        for (Contender contender : contenders) {
            if (task.kind() == Task.Kind.LOAD) {
                // connections opened, and what differs at this concurrency compiled
                Optional<Outcome> unused =
                        contender.perform(Task.load(task.uris(), task.concurrency(), task.millis() / 2));
            }
            contender.perform(task).ifPresent(outcome -> {
                results.add(workload, contender.title(), outcome);
                Workload.Figure figure = workload.figures().get(0);
                System.out.printf(
                        Locale.ROOT,
                        "%d  %-36s %-30s %,12.1f %s%s%n",
                        round,
                        workload.title(),
                        contender.title(),
                        figure.of().applyAsDouble(outcome),
                        figure.unit(),
                        outcome.errors() == 0 ? "" : ", " + outcome.errors() + " errors: " + outcome.error());
            });
        }
    }

    private List<String> preface(BenchServer server) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%s, %s form: %d rounds of %.1f s, median and range, after %.0f s of warm-up. "
                                + "Server: %s, TLS 1.3, HTTP/2, ECDSA P-256, one worker.",
                        LocalDate.now(ZoneOffset.UTC),
                        plan.name(),
                        plan.rounds(),
                        plan.loadMillis() / 1e3,
                        plan.warmUpMillis() / 1e3,
                        server.name()),
                String.format(
                        Locale.ROOT,
                        "Machine: %d processors, %s %s; Java %s; client and server share the machine.",
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version")),
                "\"Ours is\" gives how many times better this library is than the line's client: above 1, ours is ahead.");
    }
}
