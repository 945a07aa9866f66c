package io.github.hc5.utls.it.live;

import io.github.hc5.utls.it.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Chromium without a window, on a page, with a directory of its own. Ends with the test, or with the JVM. */
final class Chromium implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("Chromium (\\d+)\\.");

    private final Process process;
    private final Path directory;
    private final Thread shutdownHook;

    private Chromium(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.shutdownHook = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Returns the major version of the Chromium that is installed. */
    static int version() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Requirement.CHROMIUM.executable().toString(), "--version")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no version in: " + text);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /**
     * Starts Chromium on a page.
     *
     * @param host the name that leads to 127.0.0.1
     * @param certificate the certificate that is trusted although no authority is
     */
    static Chromium open(String url, String host, Certificate certificate) throws IOException {
        Path directory = Files.createTempDirectory("utls-chromium");
        List<String> command = List.of(
                Requirement.CHROMIUM.executable().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-component-update",
                "--disable-background-networking",
                "--lang=en-US",
                "--user-data-dir=" + directory.resolve("profile"),
                "--host-resolver-rules=MAP " + host + " 127.0.0.1",
                "--ignore-certificate-errors-spki-list=" + publicKeyHash(certificate),
                url);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("LANGUAGE", "en_US");
        return new Chromium(builder.start(), directory);
    }

    /** Returns what the browser has said so far. */
    String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read Chromium's output", e);
        }
    }

    private static String publicKeyHash(Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no SHA-256", e);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        end(process);
        try {
            process.waitFor();
            for (ProcessHandle child : children) {
                child.onExit().get(10, TimeUnit.SECONDS);
            }
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("Chromium does not end", e);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
