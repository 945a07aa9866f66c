package io.github.hc5.utls.it.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of another language as a child process, with a directory of its own. A thread reads its output line by line,
 * so that starting up is an event and needs no waiting. Ends with the test, or with the JVM.
 */
final class ExternalProcess implements AutoCloseable {

    private static final long START_SECONDS = 20;

    private final Process process;
    private final Path directory;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread shutdownHook;

    private ExternalProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.shutdownHook = new Thread(this::kill);
    }

    /** The workers first: they outlive a parent that is killed. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Makes the directory for a process that is about to start. */
    static Path newDirectory(String name) {
        try {
            return Files.createTempDirectory("utls-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory", e);
        }
    }

    /**
     * Starts a process and waits until it says that it is ready.
     *
     * @param ready the line that tells so; its match is passed on
     * @param lines told of every line, in order, on the reading thread
     */
    static Started start(Path directory, List<String> command, Pattern ready, Consumer<String> lines) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            ExternalProcess external = new ExternalProcess(process, directory);
            Runtime.getRuntime().addShutdownHook(external.shutdownHook);
            CompletableFuture<Matcher> started = new CompletableFuture<>();
            Daemon.start(command.get(0), () -> external.readOutput(ready, started, lines));
            return new Started(external, external.await(started));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** A process that is ready, and the line that said so. */
    record Started(ExternalProcess process, Matcher ready) {}

    private Matcher await(CompletableFuture<Matcher> started) {
        try {
            return started.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new IllegalStateException("the server did not start: " + output, e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void readOutput(Pattern ready, CompletableFuture<Matcher> started, Consumer<String> lines)
            throws IOException {
        try (BufferedReader reader = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
                Matcher matcher = ready.matcher(line);
                if (matcher.find()) {
                    started.complete(matcher);
                }
                lines.accept(line);
            }
        } finally {
            started.completeExceptionally(new IllegalStateException("ended"));
        }
    }

    /** Writes to the process's standard input. */
    void write(String text) {
        try {
            OutputStream input = process.getOutputStream();
            input.write(text.getBytes(StandardCharsets.ISO_8859_1));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the server went away: " + output, e);
        }
    }

    /** Returns the lines written so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor();
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
