package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.List;

/** Says that no profile has the given name, and which names are near it. */
public final class UnknownProfileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> suggestions;

    UnknownProfileException(String name, List<String> known) {
        super("unknown profile '" + name + "'" + NearestNames.question(name, known)
                + (NearestNames.to(name, known).isEmpty() ? ";" : "") + " known: " + String.join(", ", known));
        this.suggestions = new ArrayList<>(NearestNames.to(name, known));
    }

    /** Returns the names of profiles that may have been meant, nearest first; may be empty. */
    public List<String> suggestions() {
        return List.copyOf(suggestions);
    }
}
