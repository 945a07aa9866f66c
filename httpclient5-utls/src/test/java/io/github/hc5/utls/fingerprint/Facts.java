package io.github.hc5.utls.fingerprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What real browsers sent: the facts among the test resources and, where the project has the folder of reference captures
 * beside it, all captures of that folder too.
 */
final class Facts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Facts() {}

    /** A captured hello with the fields that an independent reader found in it. */
    record CapturedHello(String name, JsonNode fields, Octets bytes) {
        byte[] records() {
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<CapturedHello> capturedHellos() {
        List<CapturedHello> hellos = new ArrayList<>();
        for (JsonNode line : lines("captured-hellos.jsonl")) {
            hellos.add(new CapturedHello(
                    line.path("name").asText(), line.path("hello"), hex(line.path("client_hello_hex"))));
        }
        for (Path file : referenceCaptures()) {
            JsonNode capture = read(file);
            if (capture.has("hello")) {
                hellos.add(new CapturedHello(
                        file.toString(), withTypes(capture.path("hello")), hex(capture.path("client_hello_hex"))));
            }
            for (int i = 0; i < capture.path("hellos").size(); i++) {
                hellos.add(new CapturedHello(
                        file + "#" + (i + 1),
                        withTypes(capture.path("hellos").get(i)),
                        hex(capture.path("hellos_hex").get(i))));
            }
        }
        return hellos.stream();
    }

    static CapturedHello capturedHello(String name) {
        return capturedHellos()
                .filter(hello -> hello.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Stream<JsonNode> signatures() {
        return lines("signatures.jsonl").stream();
    }

    static Stream<JsonNode> capturedRequests() {
        return lines("captured-requests.jsonl").stream();
    }

    static Stream<JsonNode> capturedConnections() {
        return lines("captured-connections.jsonl").stream();
    }

    static List<Integer> integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.isTextual() ? Grease.PLACEHOLDER : node.asInt())
                .toList();
    }

    static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode withTypes(JsonNode hello) {
        var copy = (com.fasterxml.jackson.databind.node.ObjectNode) hello;
        var types = copy.putArray("extension_types");
        hello.path("extensions").forEach(e -> types.add(e.path("type").asInt()));
        return copy;
    }

    private static Octets hex(JsonNode node) {
        return Octets.ofHex(node.asText());
    }

    private static List<JsonNode> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Facts.class.getResourceAsStream(resource), resource)) {
            List<JsonNode> nodes = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                nodes.add(JSON.readTree(line));
            }
            return nodes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> referenceCaptures() {
        Path folder = reference().resolve("real");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path reference() {
        String given = System.getProperty("utls.reference");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw")) && root.getParent() != null) {
            root = root.getParent();
        }
        return root.resolveSibling("shared").resolve("reference");
    }
}
