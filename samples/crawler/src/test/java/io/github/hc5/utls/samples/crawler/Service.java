package io.github.hc5.utls.samples.crawler;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as its users run it, on an ephemeral port of the loopback address, and a caller. */
final class Service implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.shared();

    private static final String[] DEFAULTS = {
        "server.port=0",
        "server.address=127.0.0.1",
        "spring.main.banner-mode=off",
        "logging.level.root=warn",
        "crawler.targets.allow=localhost:*,127.0.0.1:*",
        "crawler.targets.addresses=127.0.0.0/8,::1",
    };

    final ConfigurableApplicationContext context;
    final int port;
    private final HttpClient caller =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Starts the service with properties, {@code crawler.token=...} for one; loopback addresses may be fetched. A property
     * {@code -NAME} takes away what the tests set.
     */
    static Service start(String... properties) {
        return new Service(properties);
    }

    private Service(String... properties) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.concat(Stream.of(DEFAULTS), Stream.of(properties)).forEach(property -> {
            String[] parts = property.split("=", 2);
            if (parts.length == 1) {
                all.remove(property.substring(1));
            } else {
                all.put(parts[0], parts[1]);
            }
        });
        context = new SpringApplicationBuilder(CrawlerApplication.class)
                .run(all.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
        port = Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return caller.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return caller.send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Begins to fetch; the lines come as the service writes them. */
    Lines open(Object order) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = caller.send(
                request("/fetch")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(order)))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        return new Lines(response);
    }

    /** Fetches URLs and returns the lines in the order of the URLs. */
    List<JsonNode> fetch(String... urls) throws IOException, InterruptedException {
        JsonNode[] result = new JsonNode[urls.length];
        try (Lines lines = open(urls)) {
            for (JsonNode line = lines.next(); line != null; line = lines.next()) {
                result[line.get("index").intValue()] = line;
            }
        }
        return Arrays.asList(result);
    }

    /** The lines of one answer. */
    static final class Lines implements AutoCloseable {

        final HttpResponse<InputStream> response;
        private final BufferedReader reader;

        private Lines(HttpResponse<InputStream> response) {
            this.response = response;
            this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** Returns the next line, {@code null} at the end. */
        @Nullable
        JsonNode next() throws IOException {
            String line = reader.readLine();
            return line == null ? null : JSON.readTree(line);
        }

        /** Returns the next line, which must be there. */
        JsonNode take() throws IOException {
            return Objects.requireNonNull(next(), "the answer has ended");
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
