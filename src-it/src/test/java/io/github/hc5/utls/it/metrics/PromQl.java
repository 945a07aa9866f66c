package io.github.hc5.utls.it.metrics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that an expression in PromQL uses: metrics, each with the labels that are asked of it in braces, and the labels
 * that an aggregation goes by, which every metric of that expression must have. Reads what the project's files use of the
 * language, and refuses what it does not know.
 */
final class PromQl {

    private static final Pattern TOKEN =
            Pattern.compile("\\s+|\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|=~|!~|!=|<=|>=|==|[a-zA-Z_:][a-zA-Z0-9_:]*"
                    + "|[0-9.]+|[-+*/%<>={}(),]");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring");
    private static final Set<String> FUNCTIONS = Set.of(
            "sum", "min", "max", "avg", "count", "rate", "increase", "label_values", "histogram_quantile", "topk");

    /** Each metric with the labels asked of it. */
    final Map<String, Set<String>> metrics = new TreeMap<>();

    private final List<String> tokens = new ArrayList<>();
    private final String text;
    private int at;

    PromQl(String text) {
        this.text = text;
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() != end) {
                throw new IllegalArgumentException("not understood at " + end + " of: " + text);
            }
            end = matcher.end();
            if (!matcher.group().isBlank()) {
                tokens.add(matcher.group());
            }
        }
        if (end != text.length()) {
            throw new IllegalArgumentException("not understood at " + end + " of: " + text);
        }
        Set<String> grouped = new LinkedHashSet<>();
        while (at < tokens.size()) {
            step(grouped);
        }
        long open = tokens.stream().filter("("::equals).count();
        if (open != tokens.stream().filter(")"::equals).count()) {
            throw new IllegalArgumentException("parentheses do not match: " + text);
        }
        metrics.values().forEach(labels -> labels.addAll(grouped));
    }

    private String token() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private void step(Set<String> grouped) {
        String token = tokens.get(at++);
        if (!isName(token) || WORDS.contains(token)) {
            return;
        }
        if (GROUPINGS.contains(token)) {
            grouped.addAll(names("(", ")"));
        } else if (token().equals("(") || GROUPINGS.contains(token())) {
            if (!FUNCTIONS.contains(token)) {
                throw new IllegalArgumentException("unknown function " + token + " in: " + text);
            }
        } else {
            Set<String> labels = metrics.computeIfAbsent(token, name -> new TreeSet<>());
            if (token().equals("{")) {
                labels.addAll(names("{", "}"));
            }
        }
    }

    private static boolean isName(String token) {
        return !token.isEmpty() && (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_');
    }

    private Set<String> names(String open, String close) {
        if (!token().equals(open)) {
            throw new IllegalArgumentException("expected " + open + " before " + token() + " in: " + text);
        }
        Set<String> names = new LinkedHashSet<>();
        for (at++; at < tokens.size() && !token().equals(close); at++) {
            if (isName(token())) {
                names.add(token());
            }
        }
        at++;
        return names;
    }
}
