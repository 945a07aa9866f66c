package io.github.hc5.utls.spring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A mirror server, and the properties by which an application trusts it. */
final class Mirror implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MirrorServer server;
    private final Path authority;

    private Mirror(MirrorServer server, Path authority) {
        this.server = server;
        this.authority = authority;
    }

    static Mirror start() throws IOException {
        return start(MirrorSettings.defaults());
    }

    static Mirror start(MirrorSettings settings) throws IOException {
        MirrorServer server = MirrorServer.start(settings);
        Path authority = Files.createTempFile("utls-mirror-ca", ".pem");
        server.writeCa(authority);
        return new Mirror(server, authority);
    }

    /** Returns the URL of a path that begins with a slash. */
    String url(String path) {
        return "https://localhost:" + server.port() + path;
    }

    MirrorServer server() {
        return server;
    }

    /** Returns the properties by which clients trust the mirror, and those given besides. */
    String[] properties(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("spring.ssl.bundle.pem.mirror.truststore.certificate=" + authority.toUri());
        all.add("spring.http.clients.ssl.bundle=mirror");
        return all.toArray(String[]::new);
    }

    /** Returns what the mirror said of a request. */
    static JsonNode seen(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(authority);
    }
}
