package io.github.hc5.utls.samples.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Durations as people write them: whole seconds, or a number with a unit ("500ms", "30s", "5m", "1h"). */
final class Durations implements CommandLine.ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");
    private static final long MILLIS_IN_SECOND = 1_000;

    @Override
    public Duration convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new CommandLine.TypeConversionException(
                    "\"" + value + "\" is not a duration; write whole seconds, or 500ms, 30s, 5m");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    /** Returns the duration in seconds, such as {@code 30 s} or {@code 0.5 s}. */
    static String toText(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis())
                        .divide(BigDecimal.valueOf(MILLIS_IN_SECOND))
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
    }
}
