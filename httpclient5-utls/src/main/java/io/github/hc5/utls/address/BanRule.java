package io.github.hc5.utls.address;

import java.nio.ByteBuffer;
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

    /** Looks at the beginning of a response's body. Called on an I/O thread: returns promptly. */
    @FunctionalInterface
    public interface BodyTest {

        /**
         * Returns whether the response bans the address.
         *
         * @param status of the response
         * @param beginning the first bytes of the body, decoded where the browser's content codings are; read-only, and
         *     only to be used in this call
         */
        boolean bans(int status, ByteBuffer beginning);
    }

    /**
     * A condition on the beginning of the body. So much of the body of each response with one of the rule's statuses is
     * copied while it passes; nothing is held back, and no other response is copied. It is tested once so much has come,
     * or the body has ended before.
     *
     * @param bytes how many the test is shown at most; 1 to 65,536
     * @param test what it must pass
     */
    public record BodyCondition(int bytes, BodyTest test) implements Condition {

        private static final int MOST_BYTES = 1 << 16;

        /** @throws IllegalArgumentException if {@code bytes} is out of its range */
        public BodyCondition {
            if (bytes < 1 || bytes > MOST_BYTES) {
                throw new IllegalArgumentException("bytes is " + bytes + ", must be from 1 to " + MOST_BYTES);
            }
        }

        /** The head alone says nothing. */
        @Override
        public boolean bans(int status, UnaryOperator<@Nullable String> headers) {
            return false;
        }
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

    /**
     * Returns a rule by which a response bans if its body begins as {@code test} says. The pool's own check of a banned
     * address is a HEAD, whose answer has no body: the address comes back when it is answered.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static BanRule ofBody(String hosts, int bytes, BodyTest test, Integer... statuses) {
        return new BanRule(hosts, Set.of(statuses), new BodyCondition(bytes, test));
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
