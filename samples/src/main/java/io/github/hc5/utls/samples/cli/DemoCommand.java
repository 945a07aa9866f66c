package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code utls demo}: the library's main job, judged by a server. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Show the main job: start a server, fetch from it as each browser, and print the fingerprints",
            "that the server saw beside those of the real browser.",
            "",
            "Exit status 1 if any of them is DIFFERENT. Where the server saw exactly what it sees of an",
            "HttpClient without this library, it says \"not yet shaped\"."
        })
final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String STOCK = "HttpClient 5 alone";

    private static final int COLD = 10;
    private static final int HOT = 200;
    private static final int IN_FLIGHT = 16;

    private final Terminal terminal;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = terminal.out();
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults())) {
            URI url = URI.create(server.url());
            KeyStore trust = TrustedAuthorities.of(List.of(server.caCertificate()));
            out.println("A mirror server listens at " + url + " and reports what it sees of each client.");
            MirrorView stock = fetch(url, STOCK, settings -> FetchClient.stock(settings, stockTls(trust)));
            boolean asReal = true;
            for (RealBrowser real : RealBrowser.all()) {
                TlsStrategy tls = BrowserTls.strategy(Profiles.find(real.profile()), trust);
                MirrorView seen = fetch(url, real.profile(), settings -> FetchClient.hot(settings, tls));
                asReal &= compare(real, seen, stock);
            }
            out.printf(Locale.ROOT, "%n%s, for comparison  (%s)%n", STOCK, stock.negotiated());
            out.printf(Locale.ROOT, "  %-6s  %s%n", "JA3N", stock.ja3nHash());
            out.printf(Locale.ROOT, "  %-6s  %s%n", "JA4", stock.ja4());
            out.printf(Locale.ROOT, "  %-6s  %s%n", "Akamai", stock.akamai());
            compareHotAndCold(url, trust);
            return asReal ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (IOException e) {
            throw CliException.failure(OneLine.of(e), e);
        }
    }

    /** Prints one browser's comparison and returns whether nothing is different. */
    private boolean compare(RealBrowser real, MirrorView seen, MirrorView stock) {
        Verdict ja3n = Verdict.of(seen.ja3nHash(), real.ja3nHash());
        Verdict ja4 = Verdict.of(seen.ja4(), real.ja4());
        Verdict akamai = Verdict.of(seen.akamai(), real.akamai(), stock.akamai());
        PrintStream out = terminal.out();
        out.printf(Locale.ROOT, "%n%s  (%s)%n", real.profile(), seen.negotiated());
        int width = Math.max(seen.ja4().length(), seen.akamai().length());
        String row = "  %-6s  %-" + width + "s  %-" + real.akamai().length() + "s  %s%n";
        out.printf(Locale.ROOT, row, "", "the server saw", real.browser(), "verdict");
        out.printf(Locale.ROOT, row, "JA3N", seen.ja3nHash(), real.ja3nHash(), ja3n);
        out.printf(Locale.ROOT, row, "JA4", seen.ja4(), real.ja4(), ja4);
        out.printf(Locale.ROOT, row, "Akamai", seen.akamai(), real.akamai(), akamai);
        return ja3n != Verdict.DIFFERENT && ja4 != Verdict.DIFFERENT && akamai != Verdict.DIFFERENT;
    }

    /** Prints what a request saves that finds its connection open. */
    private void compareHotAndCold(URI url, KeyStore trust) throws IOException, InterruptedException {
        String profile = RealBrowser.all().get(0).profile();
        TlsStrategy tls = BrowserTls.strategy(Profiles.find(profile), trust);
        try (HotAgainstCold bench = new HotAgainstCold(settings(url, profile, IN_FLIGHT), tls)) {
            bench.cold(COLD / 2);
            HotAgainstCold.Measured cold = bench.cold(COLD);
            bench.hot(HOT / 2);
            HotAgainstCold.Measured hot = bench.hot(HOT);
            for (HotAgainstCold.Measured measured : List.of(cold, hot)) {
                if (measured.error() != null) {
                    throw CliException.failure(measured.name() + ": " + measured.error(), null);
                }
            }
            terminal.out()
                    .printf("%nThe pool as %s: requests that open a connection, and requests that find one%n", profile);
            terminal.out().println("  " + BenchCommand.toLine(cold));
            terminal.out().println("  " + BenchCommand.toLine(hot));
        }
    }

    private static FetchSettings settings(URI url, String client, int concurrency) {
        return new FetchSettings(
                List.of(url),
                client,
                "GET",
                List.of(),
                null,
                1,
                concurrency,
                false,
                HostAddresses.of(List.of()),
                TIMEOUT);
    }

    private static MirrorView fetch(URI url, String client, Function<FetchSettings, FetchClient> clients)
            throws IOException, InterruptedException {
        FetchSettings settings = settings(url, client, 1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AtomicReference<@Nullable String> error = new AtomicReference<>();
        try (FetchClient http = clients.apply(settings)) {
            new FetchRun(settings, new FetchOutput(body, result -> error.set(result.error())), null).run(http);
        }
        String problem = error.get();
        if (problem != null) {
            throw CliException.failure(client + ": " + problem, null);
        }
        return MirrorView.parse(body.toByteArray());
    }

    private static TlsStrategy stockTls(KeyStore trust) {
        try {
            return ClientTlsStrategyBuilder.create()
                    .setSslContext(
                            SSLContexts.custom().loadTrustMaterial(trust, null).build())
                    .buildAsync();
        } catch (GeneralSecurityException e) {
            throw CliException.failure("the JDK's TLS cannot be set up: " + OneLine.of(e), e);
        }
    }
}
