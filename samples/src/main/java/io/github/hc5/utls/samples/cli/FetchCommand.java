package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.FingerprintSettings;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.Octets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code utls fetch}: requests with a browser's TLS. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fetch URLs through HttpClient 5 with a browser's TLS.",
            "",
            "Bodies go to stdout or to the file of -o, one after the other in the order of the requests.",
            "On a terminal, stderr sums up each answer. Redirects are not followed and failed requests",
            "not repeated: the report says what each URL answered."
        })
final class FetchCommand implements Callable<Integer> {

    /** A method or header name: RFC 9110 section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final Terminal terminal;
    private final CheckedOutput stdout;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "http or https.")
    private List<String> urls = List.of();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "chrome-156",
            description =
                    "The browser to look like: a name or an alias of \"utls profiles\", or a file FILE.toml. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String profileName = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in TOML, on top of those around the program; options that are given win.")
    private @Nullable Path config;

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
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Fetch everything N times. Default: ${DEFAULT-VALUE}.")
    private int repeat;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "Have up to N requests in flight. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "60",
            converter = Durations.class,
            description = "How long a request may take in all: seconds, or 500ms, 30s, 5m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'Name: value'",
            description = "Add a request header; may be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = {"-X", "--request"},
            paramLabel = "METHOD",
            description = "The request method. Default: GET, or POST with -d.")
    private @Nullable String method;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DATA",
            description = "The request body; @FILE reads it from a file.")
    private @Nullable String data;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the bodies to this file.")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print one JSON object for each request, and no bodies without -o.")
    private boolean json;

    @ParentCommand
    private @Nullable UtlsCommand root;

    @Spec
    private @Nullable CommandSpec spec;

    FetchCommand(Terminal terminal) {
        this.terminal = terminal;
        this.stdout = new CheckedOutput(terminal.out());
    }

    @Override
    public Integer call() throws InterruptedException {
        Path configFile = config;
        if (configFile != null) {
            return callConfigured(configFile);
        }
        BrowserProfile profile = Profiles.find(profileName);
        FetchSettings settings = settings(profile.name(), timeout);
        KeyStore trust = ca == null ? null : TrustedAuthorities.read(ca);
        return fetch(settings, () -> FetchClient.hot(settings, BrowserTls.strategy(profile, trust)));
    }

    /** Of the options, those that were given override the file. */
    private ConfigLoader withOptions(Path configFile) {
        Map<String, Object> given = new LinkedHashMap<>();
        if (isGiven("--profile")) {
            given.put("fingerprint.policy", "fixed");
            if (!Profiles.isFile(profileName)) {
                given.put("fingerprint.profile", profileName);
            }
        }
        if (isGiven("--timeout")) {
            given.put("timeouts.operation", timeout.toMillis() + "ms");
        }
        if (http1) {
            given.put("tls.http_version", "http1");
        }
        if (ca != null) {
            given.put("tls.trust_store", ca.toString());
        }
        return ConfigLoader.standard().file(configFile).values("command line", given);
    }

    private boolean isGiven(String option) {
        return spec != null && spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private int callConfigured(Path configFile) throws InterruptedException {
        UtlsConfig loaded = Configurations.load(withOptions(configFile));
        BrowserProfile profile = isGiven("--profile") ? givenProfile(loaded.fingerprint()) : null;
        // of a request that gets no connection there is no more to say than how its browser would have been chosen
        String name =
                profile == null ? loaded.fingerprint().policy().toString().toLowerCase(Locale.ROOT) : profile.name();
        if (profile == null && loaded.fingerprint().policy() == FingerprintSettings.Policy.FIXED) {
            name = loaded.fingerprint().resolve().profiles().get(0).name();
        }
        FetchSettings settings = settings(name, loaded.timeouts().operation());
        return fetch(settings, () -> FetchClient.configured(settings, loaded, profile));
    }

    /** A name may be one of the configuration's own folder. */
    private BrowserProfile givenProfile(FingerprintSettings fingerprint) {
        return Profiles.isFile(profileName)
                ? Profiles.find(profileName)
                : fingerprint.catalogue().find(profileName);
    }

    private int fetch(FetchSettings settings, Supplier<FetchClient> clients) throws InterruptedException {
        Progress progress = terminal.showsErr() && settings.requests() > 1
                ? new Progress(terminal.err(), settings.requests(), System.nanoTime())
                : null;
        try (OutputStream bodies = bodies();
                FetchClient client = clients.get()) {
            FetchOutput output = new FetchOutput(bodies, json ? this::printJson : new Summaries());
            long failures = new FetchRun(settings, output, progress).run(client);
            if (failures > 0 && settings.requests() > 1 && !json) {
                terminal.err().println("utls: " + failures + " of " + settings.requests() + " requests failed");
            }
            return failures == 0 ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (IOException e) {
            throw CliException.failure(
                    "cannot write " + (file == null ? "the output" : file) + ": " + OneLine.of(e), e);
        }
    }

    private FetchSettings settings(String profile, Duration limit) {
        Octets body = data == null ? null : body(data);
        return new FetchSettings(
                urls.stream().map(UrlText::parse).toList(),
                profile,
                method(body),
                headers.stream().map(FetchCommand::header).toList(),
                body,
                repeat,
                concurrency,
                http1,
                HostAddresses.of(resolve),
                limit);
    }

    private String method(@Nullable Octets body) {
        if (method == null) {
            return body == null ? "GET" : "POST";
        }
        if (!TOKEN.matcher(method).matches()) {
            throw CliException.usage("-X: \"" + method + "\" is not a request method");
        }
        return method;
    }

    private static Header header(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon).strip();
        if (colon < 0 || !TOKEN.matcher(name).matches()) {
            throw CliException.usage("-H: \"" + name + "\" is not of the form 'Name: value'");
        }
        if (name.equalsIgnoreCase(HttpHeaders.HOST)) {
            // HTTP/2 has it in :authority, TLS in the server name: one that differs would contradict both.
            throw CliException.usage("-H: Host is the URL's; --resolve leads a host name to another address");
        }
        String value = text.substring(colon + 1).strip();
        if (value.chars().anyMatch(character -> character < ' ' && character != '\t')) {
            throw CliException.usage("-H: the value of " + name + " holds a control character");
        }
        return new BasicHeader(name, value);
    }

    private static Octets body(String data) {
        if (!data.startsWith("@")) {
            return Octets.of(data.getBytes(StandardCharsets.UTF_8));
        }
        Path source = Path.of(data.substring(1));
        try {
            return Octets.of(Files.readAllBytes(source));
        } catch (NoSuchFileException e) {
            throw CliException.usage("-d: " + source + " does not exist", e);
        } catch (IOException e) {
            throw CliException.usage("-d: cannot read " + source + ": " + OneLine.of(e), e);
        }
    }

    private @Nullable OutputStream bodies() {
        if (file != null) {
            return new LazyFile(file);
        }
        return json ? null : stdout;
    }

    private void printJson(FetchResult result) throws IOException {
        stdout.write((result.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        stdout.flush();
        explain(result);
    }

    private void explain(FetchResult result) {
        if (root != null && root.debug() && result.cause() != null) {
            result.cause().printStackTrace(terminal.err());
        }
    }

    /** One line for each answer where a person watches, and one for each kind of failure in any case. */
    private final class Summaries implements FetchOutput.Report {

        private final Set<String> reported = new HashSet<>();

        @Override
        public void result(FetchResult result) {
            if (result.error() == null) {
                if (terminal.showsErr()) {
                    if (stdout.isWithinLine() && terminal.showsOut()) {
                        terminal.err().println();
                    }
                    terminal.err().println(result.toSummary());
                }
            } else if (reported.add(result.url() + ' ' + result.error())) {
                terminal.err().println("utls: " + result.url() + ": " + result.error());
                explain(result);
            }
        }
    }
}
