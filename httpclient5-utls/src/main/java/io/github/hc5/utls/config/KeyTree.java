package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys by the parts of their names; a part that the user names matches any text. Immutable once built. */
final class KeyTree {

    private final Map<String, KeyTree> children = new LinkedHashMap<>();
    private @Nullable KeyTree any;
    private @Nullable ConfigKey<?> key;

    private KeyTree() {}

    static KeyTree of(List<ConfigKey<?>> keys) {
        KeyTree root = new KeyTree();
        for (ConfigKey<?> key : keys) {
            KeyTree node = root;
            for (String segment : key.segments()) {
                node = node.child(segment);
            }
            node.key = key;
        }
        return root;
    }

    private KeyTree child(String segment) {
        if (segment.startsWith("<")) {
            KeyTree node = any == null ? new KeyTree() : any;
            any = node;
            return node;
        }
        return children.computeIfAbsent(segment, name -> new KeyTree());
    }

    @Nullable
    ConfigKey<?> key() {
        return key;
    }

    /** Returns what stands under a name, {@code null} where nothing may. */
    @Nullable
    KeyTree under(String name) {
        KeyTree named = children.get(name);
        return named != null ? named : any;
    }

    /** Whether the name is for the user to choose. */
    boolean isFree(String name) {
        return !children.containsKey(name) && any != null;
    }

    /** Returns the key whose name this is, {@code null} where it is none's. */
    @Nullable
    ConfigKey<?> find(List<String> path) {
        KeyTree node = this;
        for (String segment : path) {
            node = node.under(segment);
            if (node == null) {
                return null;
            }
        }
        return node.key;
    }

    List<String> names() {
        return List.copyOf(children.keySet());
    }

    /**
     * Splits a dotted name, in which a part that the user names may have dots of its own, in quotes, in brackets or plain:
     * {@code tls.pins.www.example.com}. Where it is no key's, splits at every dot.
     */
    List<String> split(String dotted) {
        List<String> segments = new ArrayList<>();
        return match(dotted, segments) ? segments : List.of(dotted.split("\\."));
    }

    private boolean match(String rest, List<String> segments) {
        for (Map.Entry<String, KeyTree> child : children.entrySet()) {
            String name = child.getKey();
            String kebab = name.replace('_', '-');
            for (String form : name.equals(kebab) ? List.of(name) : List.of(name, kebab)) {
                int at = segments.size();
                segments.add(name);
                if (rest.equals(form) && (child.getValue().key != null || isTable(child.getValue()))) {
                    return true;
                }
                if (rest.startsWith(form)
                        && rest.length() > form.length()
                        && ".[\"".indexOf(rest.charAt(form.length())) >= 0
                        && child.getValue().match(rest.substring(form.length()).replaceFirst("^\\.", ""), segments)) {
                    return true;
                }
                segments.subList(at, segments.size()).clear();
            }
        }
        return any != null && matchFree(any, rest, segments);
    }

    private static boolean matchFree(KeyTree node, String rest, List<String> segments) {
        if (node.key != null) {
            segments.add(plain(rest));
            return true;
        }
        for (String name : node.children.keySet()) {
            for (String form : List.of(name, name.replace('_', '-'))) {
                if (rest.endsWith("." + form) && rest.length() > form.length() + 1) {
                    segments.add(plain(rest.substring(0, rest.length() - form.length() - 1)));
                    segments.add(name);
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isTable(KeyTree node) {
        return !node.children.isEmpty() || node.any != null;
    }

    private static String plain(String name) {
        boolean enclosed = name.length() > 2
                && ((name.startsWith("\"") && name.endsWith("\"")) || (name.startsWith("[") && name.endsWith("]")));
        return enclosed ? name.substring(1, name.length() - 1) : name;
    }
}
