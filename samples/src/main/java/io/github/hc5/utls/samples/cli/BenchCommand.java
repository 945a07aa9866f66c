package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code utls bench}: what a hot pool saves. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure latency and throughput of GETs to one URL, hot against cold.",
            "",
            "Cold: each request opens a connection of its own, one after the other. Hot: connections were",
            "opened before, and --concurrency requests are in flight. The first requests of a process are",
            "slower than later ones, so that some are sent before either is measured. Exit status 1 if a",
            "request got no answer."
        })
final class BenchCommand implements Callable<Integer> {

    private static final int WARM_UP = 5;

    private final Terminal terminal;

    @Parameters(paramLabel = "URL", description = "http or https.")
    private String url = "";

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "chrome-156",
            description = "The browser to look like. Default: ${DEFAULT-VALUE}.")
    private String profileName = "";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust the certificate authorities of this PEM file instead of the JDK's.")
    private @Nullable Path ca;

    @Option(
            names = "--resolve",
            paramLabel = "HOST=IP[,IP...]",
            description = "Connect to these addresses for HOST, the next where one fails; may be repeated.")
    private List<String> resolve = List.of();

    @Option(names = "--http1", description = "Offer HTTP/1.1 alone.")
    private boolean http1;

    @Option(
            names = {"-n", "--requests"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "Send N requests hot. Default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--cold",
            paramLabel = "N",
            defaultValue = "20",
            description = "Send N requests cold. Default: ${DEFAULT-VALUE}.")
    private int cold;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "16",
            description = "Have N hot requests in flight. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "60",
            converter = Durations.class,
            description = "How long a request may take in all: seconds, or 500ms, 30s, 5m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--json", description = "Print one JSON object for cold and one for hot.")
    private boolean json;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        require("--requests", requests);
        require("--cold", cold);
        BrowserProfile profile = Profiles.find(profileName);
        KeyStore trust = ca == null ? null : TrustedAuthorities.read(ca);
        FetchSettings settings = new FetchSettings(
                List.of(UrlText.parse(url)),
                profile.name(),
                "GET",
                List.of(),
                null,
                1,
                concurrency,
                http1,
                HostAddresses.of(resolve),
                timeout);
        try (HotAgainstCold bench = new HotAgainstCold(settings, BrowserTls.strategy(profile, trust))) {
            bench.cold(Math.min(cold, WARM_UP));
            HotAgainstCold.Measured coldly = bench.cold(cold);
            print(coldly);
            bench.hot(Math.min(requests, WARM_UP * concurrency));
            HotAgainstCold.Measured hotly = bench.hot(requests);
            print(hotly);
            for (HotAgainstCold.Measured measured : List.of(coldly, hotly)) {
                if (measured.error() != null) {
                    terminal.err()
                            .println("utls: " + measured.name() + ": " + measured.failed() + " requests failed: "
                                    + measured.error());
                }
            }
            return coldly.failed() + hotly.failed() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (IOException e) {
            throw CliException.failure(OneLine.of(e), e);
        }
    }

    private static void require(String option, int value) {
        if (value < 1) {
            throw CliException.usage(option + ": " + value + " is not allowed, it must be 1 or more");
        }
    }

    private void print(HotAgainstCold.Measured measured) {
        terminal.out().println(json ? toJson(measured) : toLine(measured));
        terminal.out().flush();
    }

    /** One line for people. */
    static String toLine(HotAgainstCold.Measured measured) {
        Latencies latencies = measured.latencies();
        return String.format(
                Locale.ROOT,
                "%-4s  %,d requests, %d in flight, %d connection%s  p50 %.2f ms  p90 %.2f ms  p99 %.2f ms  max %.2f ms"
                        + "  %,.0f requests/s",
                measured.name(),
                latencies.count(),
                measured.concurrency(),
                measured.connections(),
                measured.connections() == 1 ? "" : "s",
                latencies.millis(50),
                latencies.millis(90),
                latencies.millis(99),
                latencies.millis(100),
                measured.perSecond());
    }

    private static String toJson(HotAgainstCold.Measured measured) {
        Latencies latencies = measured.latencies();
        ObjectNode object = JsonLines.object();
        object.put("kind", measured.name());
        object.put("requests", latencies.count());
        object.put("failed", measured.failed());
        object.put("concurrency", measured.concurrency());
        object.put("connections", measured.connections());
        object.put("requests_per_second", measured.perSecond());
        object.put("p50_ms", latencies.millis(50));
        object.put("p90_ms", latencies.millis(90));
        object.put("p99_ms", latencies.millis(99));
        object.put("p999_ms", latencies.millis(99.9));
        object.put("max_ms", latencies.millis(100));
        object.put("error", measured.error());
        return JsonLines.toLine(object);
    }
}
