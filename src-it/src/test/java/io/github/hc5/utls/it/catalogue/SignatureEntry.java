package io.github.hc5.utls.it.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.Grease;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What one browser version sent, as the public signature corpus records it. GREASE values are placeholders. */
record SignatureEntry(JsonNode facts) {

    /** One extension as recorded: its type and, as far as they are recorded, its length and content. */
    record Extension(int type, JsonNode facts) {

        List<Integer> integers(String key) {
            return SignatureEntry.integers(facts.path(key));
        }
    }

    static Stream<SignatureEntry> all() {
        try (InputStream in = Objects.requireNonNull(
                SignatureEntry.class.getResourceAsStream("signatures.jsonl"), "signatures.jsonl")) {
            ObjectMapper mapper = new ObjectMapper();
            Stream.Builder<SignatureEntry> entries = Stream.builder();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    entries.add(new SignatureEntry(mapper.readTree(line)));
                }
            }
            return entries.build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return facts.path("id").asText();
    }

    /** Returns the name of the profile that was made from this entry. */
    String profile() {
        return facts.path("profile").asText();
    }

    int number(String key) {
        return facts.path(key).asInt();
    }

    List<Integer> integers(String key) {
        return integers(facts.path(key));
    }

    /** Returns whether each connection of this browser shuffles its extensions. */
    boolean permuted() {
        return facts.path("permuted").asBoolean();
    }

    List<Extension> extensions() {
        return stream(facts.path("extensions"))
                .map(node -> new Extension(integer(node.path("type")), node))
                .toList();
    }

    /** Returns the frames in order, but for the acknowledgement of the server's SETTINGS, whose time is the server's. */
    List<JsonNode> frames() {
        return stream(facts.path("frames"))
                .filter(frame ->
                        !(frame.has("settings") && frame.path("settings").isEmpty()))
                .toList();
    }

    Optional<JsonNode> frame(String type) {
        return frames().stream()
                .filter(frame -> frame.path("frame_type").asText().equals(type))
                .findFirst();
    }

    /** Returns what a public service says of the same browser, if that is recorded. */
    Optional<JsonNode> thirdParty() {
        return Optional.of(facts.path("third_party")).filter(node -> !node.isMissingNode());
    }

    @Override
    public String toString() {
        return id();
    }

    static List<Integer> integers(JsonNode array) {
        return stream(array).map(SignatureEntry::integer).toList();
    }

    /** Returns the elements of an array as JSON text. */
    static List<String> elements(JsonNode array) {
        return stream(array).map(JsonNode::toString).toList();
    }

    static List<String> strings(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }

    private static int integer(JsonNode node) {
        return node.isTextual() ? Grease.PLACEHOLDER : node.asInt();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
