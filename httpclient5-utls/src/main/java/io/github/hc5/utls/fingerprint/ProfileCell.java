package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ProfileProblems.Place;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One value of a profile file with its place; a value of the wrong kind is reported and reads as absent. */
final class ProfileCell {

    private final ProfileProblems problems;
    private final Place place;
    private final Object value;

    ProfileCell(ProfileProblems problems, Place place, Object value) {
        this.problems = problems;
        this.place = place;
        this.value = value;
    }

    Place place() {
        return place;
    }

    ProfileProblems problems() {
        return problems;
    }

    void problem(String problem) {
        problems.add(place, problem);
    }

    boolean isString() {
        return value instanceof String;
    }

    Optional<String> string() {
        return as(String.class, "a string");
    }

    Optional<Boolean> bool() {
        return as(Boolean.class, "true or false");
    }

    Optional<Integer> integer(int least, int most) {
        return number(least, most).map(Long::intValue);
    }

    Optional<Long> number(long least, long most) {
        String allowed = "an integer from " + least + " to " + most;
        Optional<Long> number = as(Long.class, allowed);
        if (number.isPresent() && (number.get() < least || number.get() > most)) {
            problem("is " + number.get() + ", must be " + allowed);
            return Optional.empty();
        }
        return number;
    }

    Optional<LocalDate> date() {
        return as(LocalDate.class, "a date such as 2026-01-31");
    }

    <E> Optional<E> word(Map<String, E> allowed) {
        Optional<String> word = string();
        if (word.isPresent() && !allowed.containsKey(word.get())) {
            problem("is '" + word.get() + "', must be one of " + String.join(", ", new TreeSet<>(allowed.keySet())));
        }
        return word.map(allowed::get);
    }

    Optional<Octets> hex() {
        Optional<String> digits = string();
        if (digits.isPresent() && !digits.get().matches("([0-9a-fA-F]{2})*")) {
            problem("is '" + digits.get() + "', must be an even number of hexadecimal digits");
            return Optional.empty();
        }
        return digits.map(Octets::ofHex);
    }

    /** Reads a name of the registry, or a number for what has no name. */
    Optional<Integer> codePoint(CodePoints registry, int most) {
        return codePoint(registry, most, false);
    }

    /** Reads a name of the registry, the word GREASE, or a number for what has no name. */
    Optional<Integer> codePointOrGrease(CodePoints registry) {
        return codePoint(registry, 0xFFFF, true);
    }

    private Optional<Integer> codePoint(CodePoints registry, int most, boolean grease) {
        if (value instanceof Long number && number >= 0 && number <= most) {
            return checkedNumber(registry, number.intValue(), grease);
        }
        if (value instanceof String name) {
            if (grease && name.equals(CodePoints.GREASE)) {
                return Optional.of(Grease.PLACEHOLDER);
            }
            if (registry.find(name).isPresent()) {
                return Optional.of(registry.find(name).getAsInt());
            }
            if (name.matches("0[xX][0-9a-fA-F]{1,4}") && Integer.decode(name) <= most) {
                return checkedNumber(registry, Integer.decode(name), grease);
            }
        }
        problem(shown() + " is no " + registry.title() + ", must be a name of the registry"
                + (grease ? ", GREASE" : "") + " or a number from 0x0 to 0x" + Integer.toHexString(most)
                + NearestNames.question(String.valueOf(value), registry.names()));
        return Optional.empty();
    }

    private Optional<Integer> checkedNumber(CodePoints registry, int number, boolean grease) {
        if (!Grease.isGrease(number)) {
            return Optional.of(number);
        }
        problem(shown() + " is a GREASE value, "
                + (grease ? "write \"GREASE\" to draw one for each connection" : "no " + registry.title()));
        return Optional.empty();
    }

    /** Returns the elements of an array, none if it is no array. */
    List<ProfileCell> elements() {
        Optional<TomlArray> array = as(TomlArray.class, "an array");
        List<ProfileCell> cells = new ArrayList<>();
        for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
            TomlPosition position = array.get().inputPositionOf(i);
            Place at = position == null
                    ? place
                    : new Place(place.file(), position.line(), position.column(), place.key() + "[" + i + "]");
            cells.add(new ProfileCell(problems, at, array.get().get(i)));
        }
        return cells;
    }

    List<String> strings() {
        return elements().stream().flatMap(cell -> cell.string().stream()).toList();
    }

    List<Integer> integers(int least, int most) {
        return elements().stream()
                .flatMap(cell -> cell.integer(least, most).stream())
                .toList();
    }

    List<Integer> codePoints(CodePoints registry, int most) {
        return elements().stream()
                .flatMap(cell -> cell.codePoint(registry, most).stream())
                .toList();
    }

    List<Integer> codePointsOrGrease(CodePoints registry) {
        return elements().stream()
                .flatMap(cell -> cell.codePointOrGrease(registry).stream())
                .toList();
    }

    /** Returns the table that this value is. */
    Optional<ProfileTable> table() {
        return as(TomlTable.class, "a table")
                .map(table -> new ProfileTable(problems, place, List.of(new ProfileTable.Layer(place.file(), table))));
    }

    private <T> Optional<T> as(Class<T> type, String expected) {
        if (type.isInstance(value)) {
            return Optional.of(type.cast(value));
        }
        problem("is " + shown() + ", must be " + expected);
        return Optional.empty();
    }

    private String shown() {
        if (value instanceof TomlTable) {
            return "a table";
        } else if (value instanceof TomlArray) {
            return "an array";
        } else if (value instanceof String) {
            return "'" + value + "'";
        }
        return String.valueOf(value);
    }
}
