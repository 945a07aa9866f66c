package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.Ban;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PoolState} as text: a line for each fact, its fields between tabs. The first line names the version, the last
 * one the number of lines and a CRC-32C of all before it, so that a text cut off or changed is known as such. A tab, line
 * break or backslash inside a field is written with a backslash. Lines of a kind that is not known are passed over, so
 * that kinds can be added; a change of another sort is a new version.
 */
public final class StateFormat {

    private static final String HEAD = "utls-state";
    private static final int VERSION = 1;
    private static final String NONE = "-";

    private StateFormat() {}

    /** Returns the state as text. */
    public static String write(PoolState state) {
        StringBuilder out = new StringBuilder();
        int lines = 2;
        line(out, HEAD, VERSION);
        line(out, "saved", state.savedAt());
        for (Ban ban : state.bans()) {
            String host = ban.host();
            line(
                    out,
                    "ban",
                    ip(ban.address()),
                    host == null ? NONE : host,
                    ban.exit(),
                    ban.count(),
                    millis(ban.remaining()),
                    ban.reason());
            lines++;
        }
        for (AddressBans.Place place : state.good()) {
            line(out, "good", ip(place.address()), place.host(), place.exit());
            lines++;
        }
        for (PoolState.AddressMemory memory : state.addresses()) {
            AddressBans.Place place = memory.place();
            line(
                    out,
                    "address",
                    ip(place.address()),
                    place.host(),
                    place.exit(),
                    memory.latency().toNanos(),
                    memory.ejections(),
                    millis(memory.outFor()));
            lines++;
        }
        for (PoolState.HostMemory host : state.hosts()) {
            line(out, "host", host.host(), host.exit(), host.http2() ? "h2" : "http/1.1", host.streams());
            lines++;
        }
        String text = out.toString();
        return text + "end\t" + lines + "\t" + checksum(text) + "\n";
    }

    private static String ip(InetAddress address) {
        return address.getHostAddress();
    }

    private static long millis(Duration time) {
        return time.compareTo(Duration.ofDays(36_500)) > 0
                ? Duration.ofDays(36_500).toMillis()
                : time.toMillis();
    }

    private static void line(StringBuilder out, Object... fields) {
        String between = "";
        for (Object field : fields) {
            out.append(between).append(escaped(field.toString()));
            between = "\t";
        }
        out.append('\n');
    }

    private static String escaped(String field) {
        return field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                char next = field.charAt(++i);
                out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /**
     * Reads a state.
     *
     * @throws StateFormatException if the text is not one that {@link #write} made
     */
    public static PoolState read(String text) throws StateFormatException {
        int end = text.lastIndexOf("\nend\t") + 1;
        if (!text.startsWith(HEAD + "\t") || end == 0) {
            throw new StateFormatException("this is not the whole of a saved state");
        }
        String[] last = text.substring(end).split("[\t\n]", -1);
        String body = text.substring(0, end);
        String[] lines = body.split("\n");
        String version = lines[0].substring(HEAD.length() + 1);
        if (!version.equals(Integer.toString(VERSION))) {
            throw new StateFormatException("line 1: version " + version + " is not known, only " + VERSION);
        }
        boolean whole = last.length == 4
                && last[1].equals(Integer.toString(lines.length))
                && last[2].equals(checksum(body))
                && last[3].isEmpty();
        if (!whole) {
            throw new StateFormatException("the checksum in the last line is not that of the text");
        }
        return new Reader().read(lines);
    }

    /** Takes the lines one by one. */
    private static final class Reader {

        private final List<Ban> bans = new ArrayList<>();
        private final List<AddressBans.Place> good = new ArrayList<>();
        private final List<PoolState.AddressMemory> addresses = new ArrayList<>();
        private final List<PoolState.HostMemory> hosts = new ArrayList<>();
        private @Nullable Instant savedAt;

        PoolState read(String[] lines) throws StateFormatException {
            for (int i = 1; i < lines.length; i++) {
                try {
                    String[] fields = lines[i].split("\t", -1);
                    for (int f = 0; f < fields.length; f++) {
                        fields[f] = unescaped(fields[f]);
                    }
                    take(fields);
                } catch (UnknownHostException e) {
                    // an address on a network interface that is gone: the line is passed over
                } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
                    throw new StateFormatException("line " + (i + 1) + ": " + e.getMessage());
                }
            }
            if (savedAt == null) {
                throw new StateFormatException("no line says when it was saved");
            }
            return new PoolState(savedAt, bans, good, addresses, hosts);
        }

        private void take(String[] f) throws UnknownHostException {
            switch (f[0]) {
                case "saved" -> savedAt = Instant.parse(f[1]);
                case "ban" ->
                    bans.add(new Ban(
                            address(f[1]),
                            f[2].equals(NONE) ? null : f[2],
                            f[3],
                            Integer.parseInt(f[4]),
                            Duration.ofMillis(Long.parseLong(f[5])),
                            f[6]));
                case "good" -> good.add(place(f));
                case "address" ->
                    addresses.add(new PoolState.AddressMemory(
                            place(f),
                            Duration.ofNanos(Long.parseLong(f[4])),
                            Integer.parseInt(f[5]),
                            Duration.ofMillis(Long.parseLong(f[6]))));
                case "host" ->
                    hosts.add(new PoolState.HostMemory(f[1], f[2], f[3].equals("h2"), Integer.parseInt(f[4])));
                default -> {
                    // of a later release
                }
            }
        }

        private static AddressBans.Place place(String[] f) throws UnknownHostException {
            return new AddressBans.Place(f[2], f[3], address(f[1]));
        }

        /** Literals only: a name would be looked up. */
        private static InetAddress address(String literal) throws UnknownHostException {
            if (!literal.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.*)?")) {
                throw new IllegalArgumentException("'" + literal + "' is not an address");
            }
            return InetAddress.getByName(literal);
        }
    }
}
