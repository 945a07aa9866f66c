package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the {@code [headers]} table of a profile file. A name in a kind's order is a header that the browser adds by itself
 * if the kind or {@code [headers.values]} has a value for it; otherwise {@code supplied} must list it.
 *
 * <p>Two things keep a file that extends another short: an order may be the name of a kind, whose order it then shares, and
 * {@code omitted} lists headers that this browser does not send although the orders name them.
 */
final class HeadersSection {

    private static final String OTHERS = "*";
    private static final String USER_AGENT = "User-Agent";

    private final ProfileTable table;
    private final ProfileProblems problems;
    private final Set<String> http1Only;
    private final Set<String> http2Only;
    private final Set<String> supplied;
    private final Set<String> omitted;
    private final Map<String, ProfileCell> sharedValues = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> used = new HashSet<>();
    private final Map<ProfileCell, String> listed = new LinkedHashMap<>();

    private HeadersSection(ProfileTable table) {
        this.table = table;
        this.problems = table.problems();
        this.http1Only = names("http1_only");
        this.http2Only = names("http2_only");
        this.supplied = names("supplied");
        this.omitted = table.optional("omitted").isPresent() ? names("omitted") : Set.of();
        for (String name : http1Only) {
            if (http2Only.contains(name)) {
                problems.add(table.place(), "'" + name + "' is both http1_only and http2_only");
            }
        }
    }

    static Optional<HeaderSpec> read(ProfileTable table) {
        return new HeadersSection(table).read();
    }

    private Optional<HeaderSpec> read() {
        int before = problems.count();
        Optional<ProfileCell> userAgent = table.required("user_agent");
        userAgent.ifPresent(cell -> sharedValues.put(USER_AGENT, cell));
        table.table("values").ifPresent(values -> sharedValues.putAll(valuesOf(values)));
        Map<RequestKind, List<HeaderSlot>> kinds = new EnumMap<>(RequestKind.class);
        RequestKinds.WORDS.forEach((word, kind) -> {
            if (table.optional(word).isPresent()) {
                table.table(word).ifPresent(fields -> kinds.put(kind, slots(fields)));
            }
        });
        reportUnused();
        table.finish();
        Optional<String> agent = userAgent.flatMap(ProfileCell::string);
        if (problems.count() > before || agent.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(table.place(), () -> new HeaderSpec(agent.get(), kinds));
    }

    private List<HeaderSlot> slots(ProfileTable fields) {
        Map<String, ProfileCell> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (fields.optional("values").isPresent()) {
            fields.table("values").ifPresent(own -> values.putAll(valuesOf(own)));
        }
        Set<String> own = new HashSet<>();
        values.keySet().forEach(name -> own.add(HeaderNames.lower(name)));
        List<HeaderSlot> slots = new ArrayList<>();
        for (ProfileCell name : order(fields)) {
            Optional<String> text = name.string();
            text.flatMap(header -> slot(name, header, values)).ifPresent(slots::add);
            text.map(HeaderNames::lower).ifPresent(own::remove);
        }
        values.forEach((name, cell) -> {
            if (own.contains(HeaderNames.lower(name)) && problems.isOwn(cell.place())) {
                cell.problem("is not in the order of this kind of request");
            }
        });
        fields.finish();
        return slots;
    }

    private List<ProfileCell> order(ProfileTable fields) {
        Optional<ProfileCell> order = fields.required("order");
        if (order.isEmpty() || !order.get().isString()) {
            return order.map(ProfileCell::elements).orElse(List.of());
        }
        Optional<ProfileCell> shared = order.get()
                .string()
                .filter(RequestKinds.WORDS::containsKey)
                .flatMap(table::tableIfAny)
                .flatMap(kind -> kind.optional("order"))
                .filter(cell -> !cell.isString());
        if (shared.isEmpty()) {
            order.get().problem("must be an array, or the name of a kind of request whose order is an array");
        }
        return shared.map(ProfileCell::elements).orElse(List.of());
    }

    private Optional<HeaderSlot> slot(ProfileCell place, String name, Map<String, ProfileCell> values) {
        if (name.equals(OTHERS)) {
            return Optional.of(new HeaderSlot.Others());
        }
        HeaderSlot.On on = http1Only.contains(HeaderNames.lower(name))
                ? HeaderSlot.On.HTTP_1
                : http2Only.contains(HeaderNames.lower(name)) ? HeaderSlot.On.HTTP_2 : HeaderSlot.On.ANY;
        ProfileCell value = values.getOrDefault(name, sharedValues.get(name));
        used.add(HeaderNames.lower(name));
        if (omitted.contains(HeaderNames.lower(name))) {
            return Optional.empty();
        }
        if (value != null) {
            return value.string()
                    .flatMap(text -> problems.build(value.place(), () -> new HeaderSlot.Default(name, text, on)));
        }
        if (!supplied.contains(HeaderNames.lower(name))) {
            place.problem("'" + name + "' has no value, neither for this kind nor in headers.values, and is not among"
                    + " headers.supplied");
            return Optional.empty();
        }
        return problems.build(place.place(), () -> new HeaderSlot.Supplied(name, on));
    }

    private static Map<String, ProfileCell> valuesOf(ProfileTable values) {
        Map<String, ProfileCell> cells = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : values.keys()) {
            values.optional(name).ifPresent(cell -> cells.put(name, cell));
        }
        return cells;
    }

    private Set<String> names(String key) {
        Set<String> names = new HashSet<>();
        for (ProfileCell cell : table.required(key).map(ProfileCell::elements).orElse(List.of())) {
            cell.string().ifPresent(name -> {
                names.add(HeaderNames.lower(name));
                listed.put(cell, name);
            });
        }
        return names;
    }

    /** Reports what is given for headers that no order names: most likely a misspelled name. */
    private void reportUnused() {
        sharedValues.forEach(this::reportUnused);
        listed.forEach((cell, name) -> reportUnused(name, cell));
    }

    private void reportUnused(String name, ProfileCell cell) {
        if (!used.contains(HeaderNames.lower(name)) && problems.isOwn(cell.place())) {
            cell.problem("no kind of request has " + name + " in its order");
        }
    }
}
