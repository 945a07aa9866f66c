package io.github.hc5.utls.samples.crawler;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/**
 * A real Chromium without a window, with one page, driven over the DevTools protocol by the JDK's WebSocket. What the page
 * complains of is kept.
 */
final class Chromium implements AutoCloseable, WebSocket.Listener {

    private static final int SECONDS = 30;

    private final Process process;
    private final Path directory;
    private final Thread shutdownHook;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final StringBuilder partial = new StringBuilder();

    /** Errors and warnings of the console, and scripts' exceptions. */
    final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    /** Starts Chromium on an empty page; skips the test where it is not installed and need not be. */
    Chromium() throws Exception {
        Path program = executable();
        directory = Files.createTempDirectory("utls-dashboard");
        Path profile = directory.resolve("profile");
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-component-update",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--lang=en-US",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("HOME", directory.toString());
        process = builder.start();
        shutdownHook = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        Path port = profile.resolve("DevToolsActivePort");
        Await.until(() -> {
            if (!process.isAlive()) {
                throw new IOException("Chromium has ended: " + Files.readString(directory.resolve("output")));
            }
            return Files.exists(port) && Files.readString(port).contains("\n");
        });
        String base = "http://127.0.0.1:" + Files.readAllLines(port).get(0);
        HttpClient http = HttpClient.newHttpClient();
        JsonNode[] page = new JsonNode[1];
        Await.until(() -> {
            JsonNode list = Service.JSON.readTree(http.send(
                            HttpRequest.newBuilder(URI.create(base + "/json/list"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
            for (JsonNode each : list) {
                if (each.get("type").stringValue().equals("page")) {
                    page[0] = each;
                }
            }
            return page[0] != null;
        });
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page[0].get("webSocketDebuggerUrl").stringValue()), this)
                .get(SECONDS, TimeUnit.SECONDS);
        call("Page.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
    }

    /** As the project's other tests with programs do: missing, it skips, unless {@code UTLS_REQUIRE} lists it. */
    private static Path executable() {
        Optional<Path> found = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        String missing = "chromium is not installed (on Debian: apt-get install chromium)";
        if (List.of(Optional.ofNullable(System.getenv("UTLS_REQUIRE"))
                        .orElse("")
                        .split(",", -1))
                .contains("chromium")) {
            throw new AssertionError(missing + ", and UTLS_REQUIRE requires it");
        }
        return Assumptions.abort(missing);
    }

    /** Calls a method of the protocol and returns its result. */
    JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        socket.sendText(Service.JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(SECONDS, TimeUnit.SECONDS);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            JsonNode message = Service.JSON.readTree(partial.toString());
            partial.setLength(0);
            if (message.has("id")) {
                answered(message);
            } else {
                heard(message.get("method").stringValue(), message.get("params"));
            }
        }
        webSocket.request(1);
        return null;
    }

    private void answered(JsonNode message) {
        CompletableFuture<JsonNode> answer = calls.remove(message.get("id").intValue());
        if (answer == null) {
            return;
        }
        if (message.has("error")) {
            answer.completeExceptionally(new IOException(message.get("error").toString()));
        } else {
            answer.complete(message.get("result"));
        }
    }

    private void heard(String method, JsonNode parameters) {
        boolean complaint = switch (method) {
            case "Runtime.exceptionThrown" -> true;
            case "Runtime.consoleAPICalled" ->
                List.of("error", "warning", "assert")
                        .contains(parameters.get("type").stringValue());
            case "Log.entryAdded" ->
                List.of("error", "warning")
                        .contains(parameters.get("entry").get("level").stringValue());
            default -> false;
        };
        if (complaint) {
            complaints.add(parameters.toString());
        }
    }

    void open(String url) throws Exception {
        call("Page.navigate", Map.of("url", url));
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** Returns what a script comes to, as JSON; a promise is awaited. */
    JsonNode evaluate(String script) throws Exception {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** Waits until a script comes to true. */
    void await(String script) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        Await.until(() -> {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not so in " + SECONDS + " s: " + script + "\n"
                        + evaluate("document.body.innerText").stringValue() + "\n" + complaints);
            }
            return evaluate("Boolean(" + script + ")").booleanValue();
        });
    }

    /** Sets the window's width and the colours that the user prefers. */
    void show(int width, int height, boolean dark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Presses and releases a key. */
    void key(String key, String text) throws Exception {
        int code = switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "ArrowLeft" -> 37;
            default -> 0;
        };
        call(
                "Input.dispatchKeyEvent",
                Map.of(
                        "type",
                        text.isEmpty() ? "rawKeyDown" : "keyDown",
                        "key",
                        key,
                        "code",
                        key,
                        "text",
                        text,
                        "windowsVirtualKeyCode",
                        code));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
    }

    /** Clicks the middle of the element that a script finds. */
    void click(String element) throws Exception {
        JsonNode box = evaluate("(e => { e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })(" + element + ")");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            box.get("x").doubleValue(),
                            "y",
                            box.get("y").doubleValue(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Types into what has the focus. */
    void type(String text) throws Exception {
        call("Input.insertText", Map.of("text", text));
    }

    /** Keeps a picture of the whole page in {@code target/screenshots}. */
    void screenshot(String name, boolean wholePage) throws Exception {
        String data = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", wholePage))
                .get("data")
                .stringValue();
        Path file = Path.of("target", "screenshots", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        end(process);
        CompletableFuture<?>[] ends = Stream.concat(Stream.of(process.toHandle()), children.stream())
                .map(ProcessHandle::onExit)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).orTimeout(SECONDS, TimeUnit.SECONDS).join();
        Runtime.getRuntime().removeShutdownHook(shutdownHook);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
