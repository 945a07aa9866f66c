package io.github.hc5.utls.address;

import java.util.Locale;

/**
 * Which hosts something is about: {@code *} all, {@code *.example.com} the hosts below {@code example.com} but not that one
 * itself, {@code example.com} that host alone. Letter case makes no difference. Of two patterns that cover a host, a name
 * is more specific than a wildcard, and a longer wildcard than a shorter one; so patterns that cover one host can always
 * be put in order.
 *
 * @param text in lower case
 */
public record HostPattern(String text) implements Comparable<HostPattern> {

    /** All hosts. */
    public static final HostPattern ANY = new HostPattern("*");

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if it has none of the three forms
     */
    public HostPattern {
        text = text.toLowerCase(Locale.ROOT);
        String name = text.startsWith("*.") ? text.substring(2) : text;
        boolean blank = name.chars().anyMatch(Character::isWhitespace);
        if (name.isEmpty() || blank || name.startsWith(".") || (name.contains("*") && !text.equals("*"))) {
            throw new IllegalArgumentException(
                    "the host pattern is '" + text + "', must be *, *.example.com or the name of one host");
        }
    }

    /** Whether the host is among those meant. */
    public boolean covers(String host) {
        if (text.equals("*")) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return text.startsWith("*.") ? name.endsWith(text.substring(1)) : name.equals(text);
    }

    /** The most specific first; where two are alike, in the order of their letters. */
    @Override
    public int compareTo(HostPattern other) {
        boolean wild = text.startsWith("*");
        if (wild != other.text.startsWith("*")) {
            return wild ? 1 : -1;
        }
        int byLength = Integer.compare(other.text.length(), text.length());
        return byLength != 0 ? byLength : text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
