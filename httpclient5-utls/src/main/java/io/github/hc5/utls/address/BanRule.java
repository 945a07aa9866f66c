package io.github.hc5.utls.address;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which responses of which hosts ban the address that gave them.
 *
 * @param hosts {@code *} for all, {@code *.example.com} for the hosts below it, or the name of one host
 * @param statuses that ban; 100 to 599; none: nothing is banned
 * @param condition what must also hold; {@code null}: nothing
 */
public record BanRule(
        String hosts, Set<Integer> statuses, @Nullable Condition condition) {

    /** Looks at a response with one of the rule's statuses. Called on an I/O thread: returns promptly. */
    @FunctionalInterface
    public interface Condition {

        /**
         * Returns whether the response bans the address.
         *
         * @param status of the response
         * @param headers gives the first value of a header by its name, {@code null} where there is none
         */
        boolean bans(int status, UnaryOperator<@Nullable String> headers);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public BanRule {
        hosts = hosts.toLowerCase(Locale.ROOT);
        String name = hosts.startsWith("*.") ? hosts.substring(2) : hosts;
        if (name.isEmpty() || (name.contains("*") && !hosts.equals("*"))) {
            throw new IllegalArgumentException(
                    "hosts is '" + hosts + "', must be *, *.example.com or the name of one host");
        }
        for (int status : statuses) {
            if (status < 100 || status > 599) {
                throw new IllegalArgumentException("status is " + status + ", must be from 100 to 599");
            }
        }
        statuses = Set.copyOf(new TreeSet<>(statuses));
    }

    /** Returns a rule without a condition. */
    public static BanRule of(String hosts, Integer... statuses) {
        return new BanRule(hosts, Set.of(statuses), null);
    }

    /** Whether the rule is about this host. */
    public boolean covers(String host) {
        if (hosts.equals("*")) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return hosts.startsWith("*.") ? name.endsWith(hosts.substring(1)) : name.equals(hosts);
    }
}
