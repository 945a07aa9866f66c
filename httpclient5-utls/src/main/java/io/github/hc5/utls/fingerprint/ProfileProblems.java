package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong in a profile file, so that all of it can be reported at once. */
final class ProfileProblems {

    private final String ownFile;
    private final List<String> problems = new ArrayList<>();

    /** @param ownFile the file that is read, as against those that it extends */
    ProfileProblems(String ownFile) {
        this.ownFile = ownFile;
    }

    /** Where a value stands: file, line and column from 1, and its key from the root. */
    record Place(String file, int line, int column, String key) {}

    /** Returns whether a value stands in the file that is read and not in one that it extends. */
    boolean isOwn(Place place) {
        return place.file().equals(ownFile);
    }

    void add(Place place, String problem) {
        String key = place.key().isEmpty() ? "" : place.key() + ": ";
        problems.add(place.file() + ":" + place.line() + ":" + place.column() + ": " + key + problem);
    }

    /** Builds a specification, whose refusal becomes a problem at the given place. */
    <T> Optional<T> build(Place place, Supplier<T> construction) {
        try {
            return Optional.of(construction.get());
        } catch (IllegalArgumentException e) {
            add(place, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    int count() {
        return problems.size();
    }

    /** @throws ProfileFormatException if there is any problem */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new ProfileFormatException(problems);
        }
    }
}
