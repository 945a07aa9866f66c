package io.github.hc5.utls.fingerprint;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the known names that a mistyped one may have meant: those that contain it or within a third of its length in
 * edits (the optimal string alignment distance: insert, delete, replace, swap neighbours), nearest first.
 */
final class NearestNames {

    private static final int MOST = 3;
    private static final int LONGEST = 64;

    private NearestNames() {}

    static List<String> to(String typed, Collection<String> known) {
        if (typed.isBlank() || typed.length() > LONGEST) {
            return List.of();
        }
        String wanted = typed.toLowerCase(Locale.ROOT);
        int limit = wanted.length() < 4 ? 1 : Math.max(2, wanted.length() / 3);
        return known.stream()
                .map(name -> Map.entry(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(entry -> entry.getValue() <= limit)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns {@code "; did you mean a, b?"}, or nothing where no name is near. */
    static String question(String typed, Collection<String> known) {
        List<String> nearest = to(typed, known);
        return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
    }

    private static int distance(String a, String b) {
        if (b.contains(a)) {
            return b.length() == a.length() ? 0 : 1;
        }
        int[] older = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], older[j - 2] + 1);
                }
            }
            int[] recycled = older;
            older = previous;
            previous = current;
            current = recycled;
        }
        // Whoever mistypes the family and leaves out the version means a name that goes on.
        int beginning = Arrays.stream(previous).min().orElseThrow() + 1;
        return Math.min(previous[b.length()], beginning);
    }
}
