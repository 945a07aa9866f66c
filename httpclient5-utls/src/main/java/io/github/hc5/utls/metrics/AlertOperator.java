package io.github.hc5.utls.metrics;

import java.util.Arrays;
import java.util.List;

/** How an alert rule compares a figure with its threshold. */
public enum AlertOperator {
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    AlertOperator(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    /** Whether the comparison holds; never for a value that is not a number. */
    public boolean holds(double value, double threshold) {
        return switch (this) {
            case LESS -> value < threshold;
            case LESS_OR_EQUAL -> value <= threshold;
            case GREATER -> value > threshold;
            case GREATER_OR_EQUAL -> value >= threshold;
        };
    }

    /**
     * Returns the operator with this symbol.
     *
     * @throws IllegalArgumentException if there is no such operator; the message names those there are
     */
    public static AlertOperator of(String symbol) {
        List<String> symbols =
                Arrays.stream(values()).map(AlertOperator::symbol).toList();
        int index = symbols.indexOf(symbol);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "operator is '" + symbol + "', must be one of " + String.join(" ", symbols));
        }
        return values()[index];
    }
}
