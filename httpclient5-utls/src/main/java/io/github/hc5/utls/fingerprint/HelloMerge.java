package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds the rules behind captured hellos of one client: what is the same in all stays as it is, and what varies becomes
 * GREASE, a permutation of the extensions, or the set of lengths and algorithms to draw from.
 *
 * <p>Extensions that depend on the connection do not count as a difference: server_name (none for an IP literal), padding
 * (by length), pre_shared_key, early_data and cookie. Those of a resumed session are left out.
 */
public final class HelloMerge {

    private static final Set<Integer> OPTIONAL = Set.of(
            ExtensionSpec.SERVER_NAME,
            ExtensionSpec.PADDING,
            ExtensionSpec.PRE_SHARED_KEY,
            ExtensionSpec.EARLY_DATA,
            ExtensionSpec.COOKIE);

    private static final int TLS_1_3 = 0x0304;

    private final List<ClientHelloMessage> hellos;
    private final boolean keepUnknown;
    private final List<String> notes = new ArrayList<>();

    private HelloMerge(List<ClientHelloMessage> hellos, boolean keepUnknown) {
        this.hellos = hellos;
        this.keepUnknown = keepUnknown;
    }

    /**
     * A specification, and what the captures did not tell.
     *
     * @param spec the rules of the client's hello
     * @param notes one sentence for each thing that was assumed or left out
     */
    public record Merged(ClientHelloSpec spec, List<String> notes) {
        public Merged {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Merges the hellos of one client.
     *
     * @param hellos at least one
     * @param keepUnknown whether an extension whose type has no registered name is kept as opaque bytes; otherwise it is
     *     refused
     * @throws IllegalArgumentException if there is no hello, they cannot come from one client, or have what a
     *     specification cannot express; the message names it
     */
    public static Merged merge(List<ClientHelloMessage> hellos, boolean keepUnknown) {
        Checks.that(!hellos.isEmpty(), () -> "there is no hello to merge");
        HelloMerge merge = new HelloMerge(List.copyOf(hellos), keepUnknown);
        ClientHelloSpec spec = merge.spec();
        return new Merged(spec, merge.notes);
    }

    private ClientHelloSpec spec() {
        int legacyVersion = same("legacy_version", ClientHelloMessage::legacyVersion);
        Checks.that(
                legacyVersion == ClientHelloSpec.LEGACY_VERSION,
                () -> "legacy_version is " + CodePoints.PROTOCOL_VERSION.nameOf(legacyVersion) + ", must be TLS 1.2");
        List<Integer> compression = same("compression_methods", ClientHelloMessage::compressionMethods);
        Checks.that(
                compression.equals(List.of(0)), () -> "compression_methods are " + compression + ", must be none (0)");
        List<Integer> suites = same("cipher_suites", hello -> normal(hello.cipherSuites()));
        int sessionId =
                same("the length of the session id", hello -> hello.sessionId().length());
        ExtensionOrder order = order();
        return new ClientHelloSpec(recordVersion(), sessionId, suites, extensions(), order);
    }

    /** A hello that answers a HelloRetryRequest has TLS 1.2 here, and says nothing about the first. */
    private int recordVersion() {
        List<Integer> versions = hellos.stream()
                .map(ClientHelloMessage::recordVersion)
                .distinct()
                .sorted()
                .toList();
        Checks.that(
                versions.size() == 1 || (versions.size() == 2 && versions.get(1) == ClientHelloSpec.LEGACY_VERSION),
                () -> "the record version differs between the hellos: " + versions);
        if (versions.get(0) == ClientHelloSpec.LEGACY_VERSION) {
            notes.add(
                    "every record has version TLS 1.2: if these hellos answer a HelloRetryRequest, capture the first ones");
        }
        return versions.get(0);
    }

    private ExtensionOrder order() {
        Set<List<Integer>> sequences = new LinkedHashSet<>();
        for (ClientHelloMessage hello : hellos) {
            sequences.add(types(hello).stream()
                    .filter(type -> !OPTIONAL.contains(type))
                    .toList());
        }
        Set<Set<Integer>> sets = new LinkedHashSet<>();
        sequences.forEach(sequence -> sets.add(new HashSet<>(sequence)));
        if (sets.size() > 1) {
            Set<Integer> different = new TreeSet<>();
            sets.forEach(different::addAll);
            different.removeIf(type -> sets.stream().allMatch(set -> set.contains(type)));
            throw new IllegalArgumentException("some hellos have an extension that others lack: "
                    + different.stream().map(CodePoints.EXTENSION::nameOf).toList());
        }
        if (hellos.size() == 1) {
            notes.add("one hello cannot tell whether the order of extensions, or a length, varies");
        }
        return sequences.size() > 1 ? ExtensionOrder.PERMUTED : ExtensionOrder.FIXED;
    }

    /** The extensions in the order of the fullest hello. */
    private List<ExtensionSpec> extensions() {
        ClientHelloMessage fullest = hellos.get(0);
        for (ClientHelloMessage hello : hellos) {
            if (hello.extensions().size() > fullest.extensions().size()) {
                fullest = hello;
            }
        }
        List<Integer> types = new ArrayList<>(types(fullest));
        noteResumption(types);
        boolean padded = hellos.stream()
                .anyMatch(hello -> hello.extension(ExtensionSpec.PADDING).isPresent());
        types.remove((Integer) ExtensionSpec.PADDING);
        addServerName(types);
        addCookie(types);
        if (padded) {
            types.add(ExtensionSpec.PADDING);
        }
        ExtensionMerge bodies = new ExtensionMerge(hellos, keepUnknown, notes);
        return types.stream().map(bodies::merge).toList();
    }

    private void noteResumption(List<Integer> types) {
        if (types.removeIf(type -> type == ExtensionSpec.PRE_SHARED_KEY || type == ExtensionSpec.EARLY_DATA)) {
            notes.add("left out what belongs to a resumed session: pre_shared_key, early_data");
        }
    }

    private void addServerName(List<Integer> types) {
        if (types.contains(ExtensionSpec.SERVER_NAME)) {
            return;
        }
        for (ClientHelloMessage hello : hellos) {
            if (hello.serverName().isPresent()) {
                int before = types(hello).indexOf(ExtensionSpec.SERVER_NAME);
                types.add(Math.min(before, types.size()), ExtensionSpec.SERVER_NAME);
                return;
            }
        }
        notes.add("no hello has a server_name, so the profile sends none");
    }

    /** Without a place for the cookie, a HelloRetryRequest that has one could not be answered. */
    private void addCookie(List<Integer> types) {
        boolean tls13 = hellos.get(0).supportedVersions().contains(TLS_1_3);
        if (types.contains(ExtensionSpec.COOKIE) || !tls13) {
            return;
        }
        int last = types.size();
        boolean greaseLast = last > 0 && types.get(last - 1) == Grease.PLACEHOLDER;
        types.add(greaseLast ? last - 1 : last, ExtensionSpec.COOKIE);
        notes.add("the place of cookie, which only answers a HelloRetryRequest, is assumed");
    }

    private <T> T same(String what, Function<ClientHelloMessage, T> field) {
        return same(hellos, what, field);
    }

    static <T> T same(List<ClientHelloMessage> hellos, String what, Function<ClientHelloMessage, T> field) {
        T first = field.apply(hellos.get(0));
        for (int i = 1; i < hellos.size(); i++) {
            T other = field.apply(hellos.get(i));
            int number = i + 1;
            Checks.that(
                    first.equals(other),
                    () -> what + " differs between the hellos, they are not of one client: " + abbreviated(first)
                            + " in hello 1, " + abbreviated(other) + " in hello " + number);
        }
        return first;
    }

    private static String abbreviated(Object value) {
        String text = value.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    private static List<Integer> types(ClientHelloMessage hello) {
        return normal(hello.extensionTypes());
    }

    static List<Integer> normal(List<Integer> codePoints) {
        return codePoints.stream()
                .map(value -> Grease.isGrease(value) ? Grease.PLACEHOLDER : value)
                .toList();
    }
}
