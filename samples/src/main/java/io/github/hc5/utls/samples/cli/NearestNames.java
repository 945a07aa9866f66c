package io.github.hc5.utls.samples.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The names that a mistyped one may have meant, by the optimal string alignment distance (Levenshtein's, with the swap
 * of two neighbours as one edit; Damerau, CACM 7(3), 1964). Names that begin alike come first: of two names equally far
 * from {@code chrome-157}, {@code chrome-156} is meant rather than {@code firefox-157}.
 */
final class NearestNames {

    private NearestNames() {}

    /** Returns up to {@code limit} names, the nearest to the given one first. */
    static List<String> of(String given, Collection<String> names, int limit) {
        String wanted = given.toLowerCase(Locale.ROOT);
        return names.stream()
                .map(name -> new Candidate(name, distance(wanted, name), commonPrefix(wanted, name)))
                .sorted(Comparator.comparingInt(Candidate::distance)
                        .thenComparing(
                                Comparator.comparingInt(Candidate::prefix).reversed())
                        .thenComparing(Candidate::name))
                .limit(limit)
                .map(Candidate::name)
                .toList();
    }

    private record Candidate(String name, int distance, int prefix) {}

    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int step(int[][] edits, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(edits[i - 1][j - 1] + change, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }

    private static int commonPrefix(String a, String b) {
        int length = 0;
        while (length < a.length() && length < b.length() && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }
}
