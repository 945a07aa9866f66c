package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.HelloMerge;
import io.github.hc5.utls.fingerprint.ProfileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code utls import}: captures of a browser become a profile. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Turn captured ClientHellos (hex, binary, pcap or pcapng) into a profile in TOML.",
            "",
            "Several captures of one browser are merged: what varies becomes GREASE, a permutation of the",
            "extensions, or a set of lengths. What they do not tell comes from a base profile."
        })
final class ImportCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The captures, of one browser.")
    private List<Path> files = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "imported",
            description = "The new profile's name. Default: ${DEFAULT-VALUE}.")
    private String name = "";

    @Option(
            names = "--base",
            paramLabel = "NAME",
            defaultValue = "chrome",
            description = "The profile that fills what the captures do not tell. Default: ${DEFAULT-VALUE}.")
    private String base = "";

    @Option(
            names = "--h2",
            paramLabel = "JSON",
            description = "What the mirror answered to the same browser: the start of HTTP/2, and the User-Agent.")
    private @Nullable Path h2;

    @Option(names = "--keep-unknown", description = "Keep extensions without a registered name as opaque bytes.")
    private boolean keepUnknown;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the profile; by default, standard output.")
    private @Nullable Path output;

    ImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        BrowserProfile profile = Profiles.find(base);
        try {
            HelloMerge.Merged merged = HelloMerge.merge(CaptureFiles.hellos(files), keepUnknown);
            ProfileWriter writer = new ProfileWriter(name, profile, source(), merged);
            if (h2 != null) {
                Http2Capture capture = Http2Capture.read(h2);
                writer.http2(capture.start());
                capture.userAgent().ifPresent(writer::userAgent);
            }
            write(writer.toToml());
            merged.notes().forEach(note -> terminal.err().println("note: " + note));
        } catch (IllegalArgumentException e) {
            String hint =
                    !keepUnknown && String.valueOf(e.getMessage()).contains("is unknown") ? " (--keep-unknown)" : "";
            throw CliException.usage(OneLine.of(e) + hint, e);
        }
        return ExitStatus.OK;
    }

    private String source() {
        return "imported from "
                + files.stream().map(file -> String.valueOf(file.getFileName())).collect(Collectors.joining(", "));
    }

    private void write(String toml) {
        if (output == null) {
            terminal.out().print(toml);
            return;
        }
        try {
            Files.writeString(output, toml, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw CliException.failure("cannot write " + output + ": " + OneLine.of(e), e);
        }
    }
}
