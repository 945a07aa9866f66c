package io.github.hc5.utls.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what a mistyped key may have meant: the known name within a third of its length in edits (the optimal string
 * alignment distance: insert, delete, replace, swap neighbours).
 */
final class NearestKeys {

    private static final int LONGEST = 64;

    private NearestKeys() {}

    static Optional<String> to(String typed, Collection<String> known) {
        if (typed.isBlank() || typed.length() > LONGEST) {
            return Optional.empty();
        }
        int limit = Math.max(2, typed.length() / 3);
        return known.stream()
                .filter(name -> distance(typed, name) <= limit)
                .min(Comparator.comparingInt((String name) -> distance(typed, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
                least = Math.min(least, edits[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, edits[i - 2][j - 2] + 1);
                }
                edits[i][j] = least;
            }
        }
        return edits[a.length()][b.length()];
    }
}
