package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Says that no profile has the given name, and which names are near it. */
public final class UnknownProfileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> suggestions;

    /**
     * @param names the names of the profiles there are
     * @param aliases the other names
     */
    UnknownProfileException(String name, Collection<String> names, Collection<String> aliases) {
        this(name, names, aliases, NearestNames.to(name, all(names, aliases)));
    }

    private UnknownProfileException(
            String name, Collection<String> names, Collection<String> aliases, List<String> nearest) {
        super("unknown profile '" + name + "'; "
                + (nearest.isEmpty()
                        ? "known: " + String.join(", ", all(names, aliases))
                        : "did you mean " + String.join(" or ", nearest) + "?"));
        this.suggestions = new ArrayList<>(nearest);
    }

    private static List<String> all(Collection<String> names, Collection<String> aliases) {
        return Stream.concat(aliases.stream(), names.stream()).toList();
    }

    /** Returns the names of profiles that may have been meant, nearest first; may be empty. */
    public List<String> suggestions() {
        return List.copyOf(suggestions);
    }
}
