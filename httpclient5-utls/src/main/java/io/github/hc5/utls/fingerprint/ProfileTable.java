package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ProfileProblems.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of a profile file, laid over the same table of the profiles that it extends: a key is read from the first layer
 * that has it. It remembers which keys were asked for, so that {@link #finish} can report the others.
 */
final class ProfileTable {

    /** A table and the file it stands in. */
    record Layer(String file, TomlTable table) {}

    private final ProfileProblems problems;
    private final Place start;
    private final List<Layer> layers;
    private final Set<String> asked = new LinkedHashSet<>();

    /** @param layers the profile's own table first, then those of its ancestors */
    ProfileTable(ProfileProblems problems, Place start, List<Layer> layers) {
        this.problems = problems;
        this.start = start;
        this.layers = List.copyOf(layers);
    }

    static ProfileTable root(ProfileProblems problems, List<Layer> layers) {
        return new ProfileTable(problems, new Place(layers.get(0).file(), 1, 1, ""), layers);
    }

    Place place() {
        return start;
    }

    ProfileProblems problems() {
        return problems;
    }

    /** Returns the value of a key, which must be there. */
    Optional<ProfileCell> required(String key) {
        Optional<ProfileCell> cell = optional(key);
        if (cell.isEmpty()) {
            problems.add(new Place(start.file(), start.line(), start.column(), path(key)), "is missing");
        }
        return cell;
    }

    Optional<ProfileCell> optional(String key) {
        asked.add(key);
        for (Layer layer : layers) {
            Object value = layer.table().get(List.of(key));
            if (value != null) {
                return Optional.of(new ProfileCell(problems, placeOf(layer, key), value));
            }
        }
        return Optional.empty();
    }

    /** Returns a table within this one, which must be there in one of the layers. */
    Optional<ProfileTable> table(String key) {
        Optional<ProfileCell> nearest = required(key);
        Optional<ProfileTable> own = nearest.flatMap(ProfileCell::table);
        if (own.isEmpty()) {
            return own;
        }
        List<Layer> tables = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer.table().get(List.of(key)) instanceof TomlTable table) {
                tables.add(new Layer(layer.file(), table));
            }
        }
        return Optional.of(new ProfileTable(problems, nearest.get().place(), tables));
    }

    /** Returns a table within this one, if there is one in any of the layers. */
    Optional<ProfileTable> tableIfAny(String key) {
        return optional(key).isPresent() ? table(key) : Optional.empty();
    }

    boolean has(String key) {
        return layers.stream().anyMatch(layer -> layer.table().contains(List.of(key)));
    }

    /** Returns all keys of all layers, those of the ancestors first. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (int i = layers.size() - 1; i >= 0; i--) {
            keys.addAll(layers.get(i).table().keySet());
        }
        return keys;
    }

    /** Reports the keys of the profile's own file that nothing has asked for. */
    void finish() {
        Layer own = layers.get(0);
        for (String key : own.table().keySet()) {
            Place place = placeOf(own, key);
            if (problems.isOwn(place) && !asked.contains(key)) {
                problems.add(
                        place,
                        "unknown key, allowed are " + String.join(", ", asked) + NearestNames.question(key, asked));
            }
        }
    }

    private Place placeOf(Layer layer, String key) {
        TomlPosition position = layer.table().inputPositionOf(List.of(key));
        return position == null
                ? new Place(layer.file(), start.line(), start.column(), path(key))
                : new Place(layer.file(), position.line(), position.column(), path(key));
    }

    private String path(String key) {
        return start.key().isEmpty() ? key : start.key() + "." + key;
    }
}
