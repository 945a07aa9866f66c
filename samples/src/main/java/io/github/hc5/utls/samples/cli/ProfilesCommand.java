package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Ja4;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utls profiles}: the catalogue. */
@Command(
        name = "profiles",
        mixinStandardHelpOptions = true,
        description = {
            "List the browser profiles there are.",
            "",
            "The fingerprints are those of a connection to a host name. An alias finds the newest of its kind."
        })
final class ProfilesCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(names = "--json", description = "Print one JSON object for each profile.")
    private boolean json;

    @Option(names = "--markdown", description = "Print the page docs/profiles.md.")
    private boolean markdown;

    ProfilesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Collection<BrowserProfile> profiles = BrowserProfiles.all();
        if (json && markdown) {
            throw CliException.usage("--json and --markdown exclude one another");
        }
        if (markdown) {
            terminal.out().print(ProfileTable.markdown(profiles, BrowserProfiles.aliases()));
        } else if (json) {
            profiles.forEach(profile -> terminal.out().println(toJson(profile)));
        } else {
            print(profiles);
        }
        return ExitStatus.OK;
    }

    private static String toJson(BrowserProfile profile) {
        Ja3n ja3n = Ja3n.of(profile.hello());
        Ja4 ja4 = Ja4.of(profile.hello());
        ObjectNode object = JsonLines.object();
        object.put("name", profile.name());
        object.put("source", profile.source());
        object.put("date", String.valueOf(profile.date()));
        ArrayNode aliases = object.putArray("aliases");
        aliases(profile).forEach(aliases::add);
        object.put("ja3n", ja3n.toString());
        object.put("ja3n_hash", ja3n.hash());
        object.put("ja4", ja4.toString());
        object.put("ja4_r", ja4.raw());
        object.put("akamai", AkamaiFingerprint.of(profile.http2()).toString());
        return JsonLines.toLine(object);
    }

    private static List<String> aliases(BrowserProfile profile) {
        return BrowserProfiles.aliases().entrySet().stream()
                .filter(alias -> alias.getValue().equals(profile.name()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void print(Collection<BrowserProfile> profiles) {
        int width = profiles.stream()
                .mapToInt(profile -> profile.name().length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(width, "NAME".length()) + "s  %-14s  %-36s  %s%n";
        terminal.out().printf(Locale.ROOT, row, "NAME", "ALIAS", "JA4", "SOURCE");
        for (BrowserProfile profile : profiles) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            row,
                            profile.name(),
                            String.join(" ", aliases(profile)),
                            Ja4.of(profile.hello()),
                            profile.source());
        }
    }
}
