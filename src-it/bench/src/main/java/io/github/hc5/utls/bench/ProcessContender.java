package io.github.hc5.utls.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.bench.clients.JvmClient;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A process that takes tasks on its input and answers on its output, as {@link LoadProcess} does. */
final class ProcessContender implements Contender {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EXIT_SECONDS = 10;

    private final String title;
    private final Set<Task.Kind> kinds;
    private final Process process;
    private final Writer tasks;
    private final BufferedReader outcomes;

    private ProcessContender(String title, Set<Task.Kind> kinds, List<String> command, Path log) throws IOException {
        this.title = title;
        this.kinds = kinds;
        this.process = new ProcessBuilder(command)
                .redirectError(Redirect.appendTo(log.toFile()))
                .start();
        this.tasks = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.outcomes = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a client of the JVM.
     *
     * @param options for the JVM
     * @param log where its error output goes
     */
    static ProcessContender jvm(JvmClient client, Path authority, List<String> options, Path log) throws IOException {
        Set<Task.Kind> kinds = EnumSet.allOf(Task.Kind.class);
        if (client != JvmClient.HOT) {
            kinds.remove(Task.Kind.PREWARM);
        }
        return jvm(
                client.title(), client.name(), kinds, System.getProperty("java.class.path"), authority, options, log);
    }

    /** Starts a client of the JVM that needs a class path of its own; it knows {@link Task.Kind#LOAD} alone. */
    static ProcessContender jvm(
            String title, String className, String classPath, Path authority, List<String> options, Path log)
            throws IOException {
        return jvm(title, className, EnumSet.of(Task.Kind.LOAD), classPath, authority, options, log);
    }

    private static ProcessContender jvm(
            String title,
            String client,
            Set<Task.Kind> kinds,
            String classPath,
            Path authority,
            List<String> options,
            Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms1g", "-Xmx3g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(options);
        command.addAll(List.of("-cp", absolute(classPath), LoadProcess.class.getName(), client, authority.toString()));
        return new ProcessContender(title, kinds, command, log);
    }

    private static String absolute(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator, -1)) {
            parts.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, parts);
    }

    /** Starts a client that is no JVM's; it knows {@link Task.Kind#LOAD} alone. */
    static ProcessContender other(String title, List<String> command, Path log) throws IOException {
        return new ProcessContender(title, EnumSet.of(Task.Kind.LOAD), command, log);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Optional<Outcome> perform(Task task) throws IOException {
        if (!kinds.contains(task.kind())) {
            return Optional.empty();
        }
        String line;
        try {
            tasks.write(JSON.writeValueAsString(task) + "\n");
            tasks.flush();
            line = outcomes.readLine();
        } catch (IOException e) {
            line = null;
        }
        // a client that ends is marked in the report; it does not end the others
        return Optional.of(line == null ? Outcome.none("the client has ended") : JSON.readValue(line, Outcome.class));
    }

    @Override
    public void close() {
        try {
            tasks.close();
        } catch (IOException e) {
            // it has ended already
        }
        try {
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
