package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.Http2Spec.Dependency;
import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.StreamPriority;
import io.github.hc5.utls.fingerprint.Http2Spec.WindowRefill;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the {@code [http2]} table of a profile file. */
final class Http2Section {

    private static final String DRAWN = "drawn";
    private static final String OPEN_CHAIN = "open-chain";

    private final ProfileTable table;
    private final ProfileProblems problems;

    private Http2Section(ProfileTable table) {
        this.table = table;
        this.problems = table.problems();
    }

    static Optional<Http2Spec> read(ProfileTable table) {
        return new Http2Section(table).read();
    }

    private Optional<Http2Spec> read() {
        int before = problems.count();
        List<Setting> settings = elements("settings").flatMap(this::setting);
        Optional<Integer> window = integer(table, "connection_window_increment", 0);
        List<PriorityFrame> frames = elements("priority_frames").flatMap(this::priorityFrame);
        Optional<Integer> firstStream = integer(table, "first_stream_id", 1);
        Optional<Integer> streamWindow = integer(table, "stream_window_increment", 0);
        Optional<Boolean> oneRecord = table.required("start_in_one_record").flatMap(ProfileCell::bool);
        List<String> pseudoHeaders =
                table.required("pseudo_headers").map(ProfileCell::strings).orElse(List.of());
        Map<RequestKind, StreamPriority> priorities =
                table.table("priority").map(this::priorities).orElse(Map.of());
        Optional<HpackSpec> hpack = table.table("hpack").flatMap(HpackSection::read);
        Optional<WindowRefill> connectionRefill =
                table.table("connection_refill").flatMap(this::refill);
        Optional<WindowRefill> streamRefill = table.table("stream_refill").flatMap(this::refill);
        table.finish();
        if (problems.count() > before) {
            return Optional.empty();
        }
        return problems.build(
                table.place(),
                () -> new Http2Spec(
                        settings,
                        window.orElseThrow(),
                        frames,
                        firstStream.orElseThrow(),
                        streamWindow.orElseThrow(),
                        oneRecord.orElseThrow(),
                        pseudoHeaders,
                        priorities,
                        hpack.orElseThrow(),
                        connectionRefill.orElseThrow(),
                        streamRefill.orElseThrow()));
    }

    private Cells elements(String key) {
        return new Cells(table.required(key).map(ProfileCell::elements).orElse(List.of()));
    }

    /** The elements of an array, each of which becomes a value unless it has a problem. */
    private record Cells(List<ProfileCell> cells) {
        <T> List<T> flatMap(Function<ProfileTable, Optional<T>> reading) {
            return cells.stream()
                    .flatMap(cell -> cell.table().stream())
                    .flatMap(fields -> reading.apply(fields).stream())
                    .toList();
        }
    }

    private Optional<Setting> setting(ProfileTable fields) {
        Optional<Integer> id = fields.required("id").flatMap(cell -> cell.codePointOrGrease(CodePoints.HTTP2_SETTING));
        boolean drawn = id.isPresent() && id.get() == Grease.PLACEHOLDER;
        Optional<Long> value = fields.required("value")
                .flatMap(cell -> drawn ? cell.word(Map.of(DRAWN, Setting.DRAWN)) : cell.number(0, 0xFFFF_FFFFL));
        fields.finish();
        if (id.isEmpty() || value.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(fields.place(), () -> new Setting(id.get(), value.get()));
    }

    private Optional<PriorityFrame> priorityFrame(ProfileTable fields) {
        Optional<Integer> stream = integer(fields, "stream_id", 1);
        Optional<Boolean> exclusive = fields.required("exclusive").flatMap(ProfileCell::bool);
        Optional<Integer> dependsOn = integer(fields, "depends_on", 0);
        Optional<Integer> weight = weight(fields);
        fields.finish();
        if (stream.isEmpty() || exclusive.isEmpty() || dependsOn.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(
                fields.place(), () -> new PriorityFrame(stream.get(), exclusive.get(), dependsOn.get(), weight.get()));
    }

    private Map<RequestKind, StreamPriority> priorities(ProfileTable kinds) {
        Map<RequestKind, StreamPriority> priorities = new EnumMap<>(RequestKind.class);
        RequestKinds.WORDS.forEach((word, kind) -> {
            if (kinds.optional(word).isPresent()) {
                kinds.table(word).flatMap(this::streamPriority).ifPresent(priority -> priorities.put(kind, priority));
            }
        });
        kinds.finish();
        return priorities;
    }

    private Optional<StreamPriority> streamPriority(ProfileTable fields) {
        Optional<Boolean> exclusive = fields.required("exclusive").flatMap(ProfileCell::bool);
        Optional<Dependency> dependency = fields.required("depends_on").flatMap(Http2Section::dependency);
        Optional<Integer> weight = weight(fields);
        fields.finish();
        if (exclusive.isEmpty() || dependency.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(
                fields.place(), () -> new StreamPriority(exclusive.get(), dependency.get(), weight.get()));
    }

    private static Optional<Dependency> dependency(ProfileCell cell) {
        if (cell.isString()) {
            return cell.word(Map.of(OPEN_CHAIN, new Dependency.OnOpenChain()));
        }
        return cell.integer(0, Integer.MAX_VALUE).map(Dependency.OnStream::new);
    }

    private Optional<WindowRefill> refill(ProfileTable fields) {
        Optional<Integer> threshold = integer(fields, "threshold", 0);
        Optional<Integer> lowWater = integer(fields, "low_water", 0);
        Optional<ProfileCell> small = fields.optional("small_after_seconds");
        Optional<Integer> smallAfter =
                small.isEmpty() ? Optional.of(0) : small.get().integer(0, Integer.MAX_VALUE);
        fields.finish();
        if (threshold.isEmpty() || lowWater.isEmpty() || smallAfter.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(
                fields.place(),
                () -> new WindowRefill(threshold.get(), lowWater.get(), Duration.ofSeconds(smallAfter.get())));
    }

    private static Optional<Integer> weight(ProfileTable fields) {
        return fields.required("weight").flatMap(cell -> cell.integer(1, 256));
    }

    private static Optional<Integer> integer(ProfileTable fields, String key, int least) {
        return fields.required(key).flatMap(cell -> cell.integer(least, Integer.MAX_VALUE));
    }
}
