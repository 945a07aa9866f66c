package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import io.github.hc5.utls.fingerprint.ExtensionSpec.EncryptedClientHelloGrease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares captured hellos with a profile's rules, field by field: whether the profile could have sent them.
 *
 * <p>Where the profile draws, a captured value is equal if it can be drawn. What depends on the connection is no
 * difference: server_name, padding, a cookie, and what belongs to a resumed session.
 */
public final class HelloComparison {

    private static final Set<Integer> OPTIONAL =
            Set.of(ExtensionSpec.SERVER_NAME, ExtensionSpec.PADDING, ExtensionSpec.COOKIE);

    private final ClientHelloSpec captured;
    private final ClientHelloSpec profile;
    private final List<Field> fields = new ArrayList<>();

    private HelloComparison(ClientHelloSpec captured, ClientHelloSpec profile) {
        this.captured = captured;
        this.profile = profile;
    }

    /**
     * One field.
     *
     * @param name the field's key in a profile file
     * @param captured the captured value as a profile file writes it; empty if the captures have none
     * @param profile the profile's value likewise
     * @param equal whether the profile could have sent the captured value
     */
    public record Field(String name, String captured, String profile, boolean equal) {}

    /**
     * Returns all fields that the captures or the profile have.
     *
     * @throws IllegalArgumentException if there is no hello, or the captures are not of one client
     */
    public static List<Field> compare(List<ClientHelloMessage> hellos, ClientHelloSpec profile) {
        HelloComparison comparison =
                new HelloComparison(HelloMerge.merge(hellos, true).spec(), profile);
        comparison.run();
        return List.copyOf(comparison.fields);
    }

    private void run() {
        Map<String, String> ours = HelloText.fields(profile);
        HelloText.fields(captured).forEach((name, value) -> {
            String expected = ours.getOrDefault(name, "");
            fields.add(new Field(name, value, expected, isEqualField(name, value, expected)));
        });
        Map<String, String> theirs = HelloText.contents(captured);
        Map<String, String> contents = HelloText.contents(profile);
        Set<String> names = new TreeSet<>(theirs.keySet());
        names.addAll(contents.keySet());
        for (String name : names) {
            String value = theirs.getOrDefault(name, "");
            String expected = contents.getOrDefault(name, "");
            fields.add(new Field("extension." + name, value, expected, value.equals(expected) || isDrawn(name)));
        }
    }

    private boolean isEqualField(String name, String value, String expected) {
        boolean permuted = profile.order() == ExtensionOrder.PERMUTED;
        return switch (name) {
            // One capture, or a few, may by chance show one order only.
            case "extension_order" -> value.equals(expected) || permuted;
            case "extensions" ->
                permuted
                        ? sorted(captured).equals(sorted(profile))
                        : types(captured).equals(types(profile));
            default -> value.equals(expected);
        };
    }

    private static List<Integer> types(ClientHelloSpec spec) {
        return spec.extensions().stream()
                .map(ExtensionSpec::type)
                .filter(type -> !OPTIONAL.contains(type))
                .toList();
    }

    /** A permutation leaves the GREASE extensions in their places. */
    private static List<Integer> sorted(ClientHelloSpec spec) {
        List<Integer> types = types(spec);
        List<Integer> sorted = new ArrayList<>(
                types.stream().filter(type -> !Grease.isGrease(type)).sorted().toList());
        for (int i = 0; i < types.size(); i++) {
            if (Grease.isGrease(types.get(i))) {
                sorted.add(i, types.get(i));
            }
        }
        return sorted;
    }

    private boolean isDrawn(String name) {
        EncryptedClientHelloGrease seen =
                captured.extension(EncryptedClientHelloGrease.class).orElse(null);
        EncryptedClientHelloGrease rule =
                profile.extension(EncryptedClientHelloGrease.class).orElse(null);
        if (seen == null || rule == null) {
            return false;
        }
        return switch (name) {
            case "encrypted_client_hello.aeads" -> rule.aeads().containsAll(seen.aeads());
            case "encrypted_client_hello.payload_lengths" ->
                rule.payloadLengths().containsAll(seen.payloadLengths());
            default -> false;
        };
    }
}
