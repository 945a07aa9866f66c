package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The passive HTTP/2 fingerprint: {@code SETTINGS|WINDOW_UPDATE|PRIORITY|pseudo-headers}, such as
 * {@code 1:65536;2:0;4:6291456;6:262144|15663105|0|m,a,s,p}. A GREASE setting differs on each connection and is left out.
 *
 * <p>Source: Shuster and Segal, "Passive Fingerprinting of HTTP/2 Clients" (Akamai, 2017).
 *
 * @param settings the parameters of the client's first SETTINGS frame, in order
 * @param windowUpdate the increment of the first WINDOW_UPDATE on stream 0 in bytes, 0 if there is none
 * @param priorities the PRIORITY frames before the first request, in order
 * @param pseudoHeaders the first letters of the first request's pseudo-headers in order, of {@code m}, {@code a},
 *     {@code s}, {@code p}
 */
public record AkamaiFingerprint(
        List<Setting> settings, int windowUpdate, List<PriorityFrame> priorities, List<String> pseudoHeaders) {

    private static final String SHAPE = "SETTINGS|WINDOW_UPDATE|PRIORITY|pseudo-headers";
    private static final int PARTS = 4;
    private static final String LETTERS = "masp";
    private static final String NONE = "0";

    /** @throws IllegalArgumentException if a value is out of range or a pseudo-header occurs twice */
    public AkamaiFingerprint {
        settings = settings.stream()
                .filter(setting -> !Grease.isGrease(setting.id()))
                .toList();
        Checks.range("WINDOW_UPDATE", windowUpdate, 0, Integer.MAX_VALUE);
        priorities = List.copyOf(priorities);
        pseudoHeaders = List.copyOf(pseudoHeaders);
        List<String> letters = pseudoHeaders;
        Checks.that(
                letters.stream().allMatch(letter -> letter.length() == 1 && LETTERS.contains(letter))
                        && letters.stream().distinct().count() == letters.size(),
                () -> "pseudo-headers are " + letters + ", allowed are m, a, s, p, each once");
    }

    /** Returns what servers compute from connections of this profile. */
    public static AkamaiFingerprint of(Http2Spec spec) {
        return new AkamaiFingerprint(
                spec.settings(),
                spec.connectionWindowIncrement(),
                spec.priorityFrames(),
                spec.pseudoHeaders().stream().map(name -> name.substring(1, 2)).toList());
    }

    /**
     * Parses the text form; settings may be separated by semicolons or commas, and the lack of a WINDOW_UPDATE may be
     * written {@code 0} or {@code 00}.
     *
     * @throws IllegalArgumentException if the text has another form or a value is out of range; the message names it
     */
    public static AkamaiFingerprint parse(String text) {
        String[] parts = text.strip().split("\\|", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(
                    "Akamai fingerprint '" + abbreviate(text) + "' has " + parts.length + " parts, must be " + SHAPE);
        }
        return new AkamaiFingerprint(
                list(parts[0], "[;,]", AkamaiFingerprint::setting),
                number(parts[1], "WINDOW_UPDATE"),
                parts[2].equals(NONE) ? List.of() : list(parts[2], ",", AkamaiFingerprint::priority),
                list(parts[3], ",", letter -> letter));
    }

    /** Returns the MD5 of the text in lower-case hexadecimal digits. */
    public String hash() {
        return Digests.md5(toString());
    }

    /** Returns the text form. */
    @Override
    public String toString() {
        String settingsPart = settings.stream()
                .map(setting -> setting.id() + ":" + setting.value())
                .collect(Collectors.joining(";"));
        String priorityPart = priorities.isEmpty()
                ? NONE
                : priorities.stream()
                        .map(p -> p.streamId() + ":" + (p.exclusive() ? 1 : 0) + ":" + p.dependsOn() + ":" + p.weight())
                        .collect(Collectors.joining(","));
        String window = windowUpdate == 0 ? "00" : String.valueOf(windowUpdate);
        return settingsPart + "|" + window + "|" + priorityPart + "|" + String.join(",", pseudoHeaders);
    }

    private static Setting setting(String text) {
        String[] fields = text.split(":", -1);
        if (fields.length != 2) {
            throw new IllegalArgumentException("setting '" + abbreviate(text) + "' must be id:value");
        }
        return new Setting(number(fields[0], "setting id"), longNumber(fields[1], "setting value"));
    }

    private static PriorityFrame priority(String text) {
        String[] fields = text.split(":", -1);
        if (fields.length != PARTS) {
            throw new IllegalArgumentException(
                    "PRIORITY '" + abbreviate(text) + "' must be stream:exclusive:dependency:weight");
        }
        int exclusive = number(fields[1], "PRIORITY exclusive flag");
        Checks.range("PRIORITY exclusive flag", exclusive, 0, 1);
        return new PriorityFrame(
                number(fields[0], "PRIORITY stream id"),
                exclusive == 1,
                number(fields[2], "PRIORITY dependency"),
                number(fields[3], "PRIORITY weight"));
    }

    private static <T> List<T> list(String text, String separator, Function<String, T> element) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<T> elements = new ArrayList<>();
        for (String part : text.split(separator, -1)) {
            elements.add(element.apply(part));
        }
        return elements;
    }

    private static int number(String text, String what) {
        long value = longNumber(text, what);
        Checks.range(what, value, 0, Integer.MAX_VALUE);
        return (int) value;
    }

    private static long longNumber(String text, String what) {
        if (!text.matches("[0-9]{1,10}")) {
            throw new IllegalArgumentException(
                    what + " is '" + abbreviate(text) + "', must be a number of at most 10 digits");
        }
        return Long.parseLong(text);
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
