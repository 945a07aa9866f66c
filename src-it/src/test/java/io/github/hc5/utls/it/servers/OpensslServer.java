package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code openssl s_server} program, HTTP/1.1 only. As a web server ({@code -www}) it answers every request with a page
 * of the connection's parameters; as a dialogue it shows the request on its output and sends what is typed, which also
 * allows commands such as KeyUpdate between two answers.
 */
public final class OpensslServer implements TestServer {

    private static final Pattern READY = Pattern.compile("^ACCEPT .*:(\\d+)$");

    /** The coreutils program that has each line of output written at once, which the dialogue waits for. */
    private static final List<String> UNBUFFERED = List.of("stdbuf", "-oL");

    private final ExternalProcess process;
    private final Path messages;
    private final int port;

    private OpensslServer(ExternalProcess process, Path messages, int port) {
        this.process = process;
        this.messages = messages;
        this.port = port;
    }

    /** Starts a server that answers every request with a page, which {@link #report} reads. */
    public static OpensslServer www(Identity identity, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-www");
        return start(identity, List.of(), all, new Dialogue(List.of()));
    }

    /**
     * Starts a server that carries out the first of {@code commands} before its first answer, the second before its
     * second and so on: {@code K} for a KeyUpdate that asks for one in return, {@code k} for one that does not. The
     * answers' bodies are {@code answer 1} and so on.
     */
    public static OpensslServer dialogue(Identity identity, List<String> commands, String... options) {
        return start(identity, UNBUFFERED, List.of(options), new Dialogue(commands));
    }

    private static OpensslServer start(
            Identity identity, List<String> prefix, List<String> options, Dialogue dialogue) {
        String program = Requirement.OPENSSL.executable().toString();
        Path directory = ExternalProcess.newDirectory("openssl");
        Path messages = directory.resolve("messages.txt");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(program, "s_server", "-accept", "127.0.0.1:0"));
        command.addAll(List.of(
                "-cert",
                identity.writeChain(directory.resolve("cert.pem")).toString(),
                "-key",
                identity.writeKey(directory.resolve("key.pem")).toString(),
                "-CAfile",
                TestPki.CLIENTS.writeRoot(directory.resolve("clients.pem")).toString(),
                "-msg",
                "-msgfile",
                messages.toString()));
        command.addAll(options);
        ExternalProcess.Started started = ExternalProcess.start(directory, command, READY, dialogue);
        dialogue.attach(started.process());
        return new OpensslServer(
                started.process(), messages, Integer.parseInt(started.ready().group(1)));
    }

    /** Reads a page of {@link #www}: the connection's values as a report. */
    public static ServerReport report(Octets page) {
        String text = new String(page.toByteArray(), StandardCharsets.ISO_8859_1);
        Map<String, String> values = new LinkedHashMap<>();
        values.put(ServerReport.TLS, find(text, "Protocol *: (\\S+)"));
        values.put(ServerReport.CIPHER, find(text, "Cipher *: (\\S+)"));
        values.put(ServerReport.CLIENT, find(text, "Client certificate[\\s\\S]*?Subject: (.*)"));
        return new ServerReport(values);
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** Returns the handshake messages so far in order, such as {@code <<< KeyUpdate}: received ones point left. */
    public List<String> handshakeMessages() {
        Pattern message = Pattern.compile("^([<>]{3}) .*Handshake \\[length [0-9a-f]+], (\\w+)$");
        try {
            return Files.readAllLines(messages, StandardCharsets.ISO_8859_1).stream()
                    .map(message::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1) + " " + matcher.group(2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + messages, e);
        }
    }

    @Override
    public SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        process.close();
    }

    /**
     * Types a command and then an answer whenever the output has shown a whole request. A command ends with a line of its
     * own, and only then may the answer be typed: the program takes what it reads at once as one piece.
     */
    private static final class Dialogue implements Consumer<String> {

        private static final String COMMAND_DONE = "SSL_do_handshake -> 1";

        private final Iterator<String> commands;
        private volatile ExternalProcess process;
        private boolean inRequest;
        private int answers;

        @SuppressWarnings("NullAway.Init") // attached once the process has started, before any client connects
        Dialogue(List<String> commands) {
            this.commands = List.copyOf(commands).iterator();
        }

        void attach(ExternalProcess started) {
            process = started;
        }

        @Override
        public void accept(String line) {
            if (line.startsWith("GET ")) {
                inRequest = true;
            } else if (inRequest && line.isEmpty()) {
                inRequest = false;
                if (commands.hasNext()) {
                    process.write(commands.next() + "\n");
                } else {
                    answer();
                }
            } else if (line.contains(COMMAND_DONE)) {
                answer();
            }
        }

        private void answer() {
            answers++;
            String body = "answer " + answers;
            process.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
        }
    }
}
