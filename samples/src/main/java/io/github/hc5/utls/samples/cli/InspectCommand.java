package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Ja3;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.fingerprint.Octets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utls inspect}: what a server would see of a profile. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Show what a server would see of a profile: JA3, JA3N, JA4, JA4_r, Akamai, one ClientHello.",
            "",
            "The ClientHello is drawn anew each time, as for a new connection, and JA3 is its own: it",
            "varies where the browser permutes its extensions. No connection is made."
        })
final class InspectCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            required = true,
            description = "The profile: a name, an alias, or a file FILE.toml.")
    private String profileName = "";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "example.com",
            description = "The host that the ClientHello is for; an IP address is not sent. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Map<String, String> fields = inspect(Profiles.find(profileName));
        if (json) {
            ObjectNode object = JsonLines.object();
            fields.forEach(object::put);
            terminal.out().println(JsonLines.toLine(object));
        } else {
            fields.forEach((name, value) -> terminal.out().printf(Locale.ROOT, "%-16s  %s%n", name, value));
        }
        return ExitStatus.OK;
    }

    /** The fields by their names in JSON, which are those of the mirror's answers. */
    private Map<String, String> inspect(BrowserProfile profile) {
        byte[] records = BrowserTls.drawHello(profile, host);
        ClientHelloMessage hello = ClientHelloParser.parse(records);
        Ja3 ja3 = Ja3.of(hello);
        Ja3n ja3n = Ja3n.of(hello);
        Ja4 ja4 = Ja4.of(hello);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("profile", profile.name());
        fields.put("host", host);
        fields.put("ja3", ja3.toString());
        fields.put("ja3_hash", ja3.hash());
        fields.put("ja3n", ja3n.toString());
        fields.put("ja3n_hash", ja3n.hash());
        fields.put("ja4", ja4.toString());
        fields.put("ja4_r", ja4.raw());
        fields.put("akamai", AkamaiFingerprint.of(profile.http2()).toString());
        fields.put("client_hello_hex", Octets.of(records).toHex());
        return fields;
    }
}
