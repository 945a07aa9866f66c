package io.github.hc5.utls.spring;

import io.github.hc5.utls.config.ConfigException;
import io.github.hc5.utls.config.ConfigKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;

/** Properties below {@code httpclient5.utls} have mistakes. The message lists all of them. */
public final class InvalidPoolPropertiesException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * One mistake.
     *
     * @param property the property in full; {@code null} where it stands in a file of the library's own form
     * @param value as it was set; {@code ***} for a secret
     * @param origin where; {@code null} where that is not known
     * @param reason what is wrong and what is allowed
     */
    public record Mistake(
            @Nullable String property,
            @Nullable String value,
            @Nullable String origin,
            String reason) {}

    private final transient List<Mistake> mistakes;

    InvalidPoolPropertiesException(String pool, ConfigException cause, Map<String, PoolProperties.Value> values) {
        super("the pool '" + pool + "' is not configured right:\n" + cause.getMessage(), cause);
        List<Mistake> found = new ArrayList<>();
        cause.problems().forEach(problem -> found.add(mistake(problem, values)));
        this.mistakes = List.copyOf(found);
    }

    /** Returns the mistakes, the first first. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    private static Mistake mistake(String problem, Map<String, PoolProperties.Value> values) {
        String source = KeyNames.PREFIX + ": ";
        if (!problem.startsWith(source)) {
            return new Mistake(null, null, null, problem);
        }
        String text = problem.substring(source.length());
        for (Map.Entry<String, PoolProperties.Value> entry : values.entrySet()) {
            String rest = behind(text, entry.getKey());
            if (rest != null) {
                PoolProperties.Value value = entry.getValue();
                Origin origin = value.origin();
                return new Mistake(
                        value.property(),
                        isSecret(entry.getKey()) ? "***" : String.valueOf(value.value()),
                        origin == null ? null : origin.toString(),
                        rest);
            }
        }
        return new Mistake(null, null, null, text);
    }

    /** Returns what a problem says of a key; {@code null} where it is about another. */
    private static @Nullable String behind(String problem, String key) {
        int colon = problem.indexOf(": ");
        while (colon >= 0) {
            if (KeyNames.uniform(problem.substring(0, colon)).equals(KeyNames.uniform(key))) {
                return problem.substring(colon + 2);
            }
            colon = problem.indexOf(": ", colon + 1);
        }
        return null;
    }

    private static boolean isSecret(String name) {
        ConfigKey<?> key = KeyNames.find(List.of(name.split("\\.")), false).key();
        return key == null ? name.contains("password") : key.isSecret();
    }
}
