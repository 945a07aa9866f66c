package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.HelloComparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code utls compare}: has the browser moved on from the profile? */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Compare captured ClientHellos with a profile, field by field.",
            "",
            "The exit status is 0 if the profile could have sent them, and 1 if a field differs."
        })
final class CompareCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "CAPTURE", arity = "1..*", description = "The captures, of one browser.")
    private List<Path> files = List.of();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            required = true,
            description = "The profile: a name, an alias, or a file FILE.toml.")
    private String profileName = "";

    @Option(
            names = "--h2",
            paramLabel = "JSON",
            description = "What the mirror answered to the same browser: compares the start of HTTP/2 too.")
    private @Nullable Path h2;

    @Option(names = "--json", description = "Print one JSON object for each field.")
    private boolean json;

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        BrowserProfile profile = Profiles.find(profileName);
        List<HelloComparison.Field> fields;
        try {
            fields = new ArrayList<>(HelloComparison.compare(CaptureFiles.hellos(files), profile.hello()));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(OneLine.of(e), e);
        }
        if (h2 != null) {
            String captured = Http2Capture.read(h2).start().toString();
            String expected = AkamaiFingerprint.of(profile.http2()).toString();
            fields.add(new HelloComparison.Field("http2", captured, expected, captured.equals(expected)));
        }
        fields.forEach(this::print);
        return fields.stream().allMatch(HelloComparison.Field::equal) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void print(HelloComparison.Field field) {
        if (json) {
            ObjectNode object = JsonLines.object();
            object.put("field", field.name());
            object.put("equal", field.equal());
            object.put("captured", field.captured());
            object.put("profile", field.profile());
            terminal.out().println(JsonLines.toLine(object));
            return;
        }
        terminal.out().printf(Locale.ROOT, "%-9s  %s%n", field.equal() ? "equal" : "DIFFERENT", field.name());
        if (!field.equal()) {
            terminal.out().printf(Locale.ROOT, "             captured  %s%n", text(field.captured()));
            terminal.out().printf(Locale.ROOT, "             profile   %s%n", text(field.profile()));
        }
    }

    private static String text(String value) {
        return value.isEmpty() ? "(none)" : value;
    }
}
