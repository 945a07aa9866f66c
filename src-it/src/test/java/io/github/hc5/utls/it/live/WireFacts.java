package io.github.hc5.utls.it.live;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloMessage.EchOffer;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.samples.mirror.RecordedFrame;
import io.github.hc5.utls.samples.mirror.TlsRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client showed on a connection, field by field, with what every connection draws anew taken out: GREASE values,
 * random numbers, keys, the order of extensions and the length of the ECH payload where the profile says that they vary.
 */
final class WireFacts {

    private static final String GREASE = "GREASE";
    private static final int KEY_SHARE = 51;
    private static final int ENCRYPTED_CLIENT_HELLO = 65037;
    private static final int APPLICATION_DATA = 23;

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final BrowserProfile profile;

    private WireFacts(BrowserProfile profile) {
        this.profile = profile;
    }

    /**
     * Returns the facts by name.
     *
     * @param first the connection whose hello is taken
     * @param connection the connection whose requests are taken, the same or one that resumes it
     * @param profile tells what varies from connection to connection
     */
    static Map<String, String> of(RecordedConnection first, RecordedConnection connection, BrowserProfile profile) {
        WireFacts facts = new WireFacts(profile);
        facts.hello(ClientHelloParser.parse(first.clientHellos().get(0).toByteArray()));
        facts.put("tls.ja4", Objects.requireNonNull(first.fingerprints()).ja4());
        facts.put("tls.ja3n", Objects.requireNonNull(first.fingerprints()).ja3n());
        facts.put("h2.akamai", connection.akamai());
        facts.start(connection);
        facts.records(connection);
        facts.requests(connection);
        return Collections.unmodifiableMap(facts.facts);
    }

    /** Returns the names of the facts that differ, each with both values. */
    static Map<String, String> differences(Map<String, String> theirs, Map<String, String> ours) {
        Map<String, String> differences = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(theirs.keySet());
        ours.keySet().stream().filter(name -> !theirs.containsKey(name)).forEach(names::add);
        for (String name : names) {
            if (!Objects.equals(theirs.get(name), ours.get(name))) {
                differences.put(name, "theirs " + theirs.get(name) + ", ours " + ours.get(name));
            }
        }
        return differences;
    }

    private void put(String name, @Nullable Object value) {
        facts.put(name, String.valueOf(value));
    }

    private void hello(ClientHelloMessage hello) {
        put("tls.record_version", hello.recordVersion());
        put("tls.legacy_version", hello.legacyVersion());
        put("tls.session_id_length", hello.sessionId().length());
        put("tls.cipher_suites", words(hello.cipherSuites()));
        put("tls.compression_methods", hello.compressionMethods());
        List<String> types = words(hello.extensionTypes());
        put("tls.extensions.first", types.get(0));
        put("tls.extensions.last", types.get(types.size() - 1));
        put("tls.extensions", new TreeSet<>(types) + " of " + types.size());
        List<String> grease = new ArrayList<>();
        for (ClientHelloMessage.Extension extension : hello.extensions()) {
            if (isGrease(extension.type())) {
                grease.add(extension.body().toString());
            } else {
                put("tls.extension." + extension.type(), body(extension, hello));
            }
        }
        put("tls.extensions.grease", grease);
    }

    private Object body(ClientHelloMessage.Extension extension, ClientHelloMessage hello) {
        return switch (extension.type()) {
            case 10 -> words(hello.groups());
            case 13 -> words(hello.signatureAlgorithms());
            case 43 -> words(hello.supportedVersions());
            case KEY_SHARE ->
                hello.keyShares().stream()
                        .map(share -> word(share.group()) + " of " + share.key().length())
                        .toList();
            case ENCRYPTED_CLIENT_HELLO -> ech(hello.encryptedClientHello().orElseThrow());
            default -> extension.body();
        };
    }

    private String ech(EchOffer offer) {
        List<Integer> drawn = profile.hello()
                .extension(ExtensionSpec.EncryptedClientHelloGrease.class)
                .map(ExtensionSpec.EncryptedClientHelloGrease::payloadLengths)
                .orElse(List.of());
        int length = offer.payload().length();
        return "kdf " + offer.kdf() + ", aead " + offer.aead() + ", key of "
                + offer.encapsulatedKey().length() + ", payload of " + (drawn.contains(length) ? drawn : length);
    }

    /** The frames before the first HEADERS. */
    private void start(RecordedConnection connection) {
        int number = 0;
        for (RecordedFrame frame : connection.frames()) {
            if (frame instanceof RecordedFrame.Headers) {
                return;
            }
            put("h2.start." + number++, frame);
        }
    }

    /** The records from the end of the handshake to the first HEADERS, whose own counts without its header block. */
    private void records(RecordedConnection connection) {
        List<Integer> lengths = connection.records().stream()
                .filter(record -> record.type() == APPLICATION_DATA)
                .limit(3)
                .map(TlsRecord::length)
                .toList();
        RecordedFrame.Headers first = headers(connection).get(0);
        put("tls.records.finished", lengths.get(0));
        put("tls.records.start", lengths.get(1));
        put("tls.records.headers", lengths.get(2) - first.hpackHex().length() / 2);
    }

    private void requests(RecordedConnection connection) {
        List<String> paths = new ArrayList<>();
        for (RecordedFrame.Headers frame : headers(connection)) {
            String path = path(frame);
            paths.add(path);
            String prefix = "h2" + path + ".";
            put(prefix + "frame.stream", frame.head().streamId());
            put(prefix + "frame.flags", frame.flagNames());
            put(prefix + "frame.priority", frame.priority());
            put(prefix + "frame.hpack", frame.hpackHex());
            put(
                    prefix + "frame.names",
                    frame.headers().stream().map(field -> field.get(0)).toList());
            for (int i = 0; i < frame.headers().size(); i++) {
                String name = frame.headers().get(i).get(0);
                put(prefix + name, frame.headers().get(i).get(1));
                put(prefix + "trace." + name, frame.hpackTrace().get(i));
            }
        }
        put("h2.requests", paths);
        put(
                "h2.other_frames",
                connection.frames().stream()
                        .filter(RecordedFrame.Other.class::isInstance)
                        .map(frame ->
                                frame.head().type() + " flags " + frame.head().flags() + " length "
                                        + frame.head().length())
                        .toList());
    }

    static List<RecordedFrame.Headers> headers(RecordedConnection connection) {
        return connection.frames().stream()
                .filter(RecordedFrame.Headers.class::isInstance)
                .map(RecordedFrame.Headers.class::cast)
                .toList();
    }

    static String path(RecordedFrame.Headers frame) {
        return value(frame, ":path");
    }

    static String value(RecordedFrame.Headers frame, String name) {
        return frame.headers().stream()
                .filter(field -> field.get(0).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + frame))
                .get(1);
    }

    private static List<String> words(List<Integer> values) {
        return values.stream().map(WireFacts::word).toList();
    }

    private static String word(int value) {
        return isGrease(value) ? GREASE : Integer.toString(value);
    }

    /** RFC 8701. */
    private static boolean isGrease(int value) {
        return (value & 0x0F0F) == 0x0A0A && value >>> 8 == (value & 0xFF);
    }
}
