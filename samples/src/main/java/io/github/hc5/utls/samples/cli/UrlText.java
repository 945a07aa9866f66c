package io.github.hc5.utls.samples.cli;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the URLs of the command line, and says what is wrong with those that lead nowhere. */
final class UrlText {

    private static final int MAX_PORT = 65_535;
    private static final Pattern SCHEME =
            Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<rest>.*)");

    private UrlText() {}

    /**
     * Returns the URL, its host name in ASCII.
     *
     * @throws CliException if it is not an http or https URL with a host
     */
    static URI parse(String text) {
        Matcher parts = SCHEME.matcher(text);
        if (!parts.matches()) {
            throw bad(text, "it has no scheme, such as https://");
        }
        String scheme = parts.group("scheme");
        if (!scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
            throw bad(text, "the scheme " + scheme + " is not http or https");
        }
        String authority = parts.group("authority");
        if (authority.isEmpty()) {
            throw bad(text, "it has no host name");
        }
        if (authority.indexOf('@') >= 0) {
            throw bad(
                    scheme + "://...@" + authority.substring(authority.lastIndexOf('@') + 1),
                    "a user name in a URL is not supported; use -H 'Authorization: ...'");
        }
        URI uri;
        try {
            uri = new URI(new URI(scheme + "://" + ascii(authority, text) + parts.group("rest")).toASCIIString());
        } catch (URISyntaxException e) {
            throw bad(text, e.getReason() + " at index " + e.getIndex());
        }
        if (uri.getHost() == null) {
            throw bad(text, "\"" + authority + "\" is not a host name or address, with or without a port");
        }
        if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            throw bad(text, "the port " + uri.getPort() + " is not in the range 1 to " + MAX_PORT);
        }
        return uri;
    }

    /** The host of an authority may be international (RFC 5891); what follows its last colon is a port. */
    private static String ascii(String authority, String text) {
        if (authority.chars().allMatch(character -> character < 0x80)) {
            return authority;
        }
        int port = authority.lastIndexOf(':');
        try {
            return port < 0
                    ? IDN.toASCII(authority)
                    : IDN.toASCII(authority.substring(0, port)) + authority.substring(port);
        } catch (IllegalArgumentException e) {
            throw bad(text, "\"" + authority + "\" is not a host name");
        }
    }

    private static CliException bad(String text, String why) {
        return CliException.usage("bad URL \"" + text.replaceAll("\\p{Cntrl}", "?") + "\": " + why);
    }
}
