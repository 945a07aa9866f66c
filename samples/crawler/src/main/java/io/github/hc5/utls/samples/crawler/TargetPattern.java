package io.github.hc5.utls.samples.crawler;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of the list of allowed targets. {@code *.example.com} is every name below {@code example.com}, not that name
 * itself. Without a port, it is the default port of either scheme.
 */
record TargetPattern(String host, boolean below, int port) {

    private static final int DEFAULT_PORTS = -1;
    private static final int ANY_PORT = 0;
    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?<host>\\*|(?:\\*\\.)?[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>\\*|\\d{1,5}))?");

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if it has another form than those that {@link CrawlerSettings.Targets} names
     */
    static TargetPattern parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw refused(text);
        }
        String host = matcher.group("host").toLowerCase(Locale.ROOT);
        String port = matcher.group("port");
        int number = DEFAULT_PORTS;
        if (port != null) {
            number = port.equals("*") ? ANY_PORT : Integer.parseInt(port);
            if (number > MAX_PORT || (number == 0 && !port.equals("*"))) {
                throw refused(text);
            }
        }
        boolean below = host.startsWith("*");
        return new TargetPattern(below ? host.substring(1) : host, below, number);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("crawler.targets.allow: '" + text
                + "' is no target; allowed are www.example.com, *.example.com, 192.0.2.1, [2001:db8::1] and *, each with"
                + " :1 to :65535 or :* where it is another port than 80 or 443");
    }

    /**
     * Whether a target is meant.
     *
     * @param name as in a URL, an IPv6 address in brackets
     */
    boolean matches(String name, int number) {
        boolean portFits = switch (port) {
            case DEFAULT_PORTS -> number == 80 || number == 443;
            case ANY_PORT -> true;
            default -> number == port;
        };
        String plain = name.toLowerCase(Locale.ROOT);
        if (plain.endsWith(".")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        return portFits && (below ? plain.endsWith(host) && plain.length() > host.length() : plain.equals(host));
    }
}
