package io.github.hc5.utls.fingerprint;

import java.util.List;

/**
 * A specification made from a fingerprint, and what the fingerprint left open.
 *
 * @param value the specification
 * @param base the name of the profile that filled it
 * @param filled what came from that profile, or was left out: one entry for each field
 */
public record Filled<T>(T value, String base, List<String> filled) {
    public Filled {
        filled = List.copyOf(filled);
    }
}
