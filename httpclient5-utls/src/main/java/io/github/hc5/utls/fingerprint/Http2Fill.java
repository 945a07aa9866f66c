package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.WindowRefill;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes an {@link Http2Spec} of an Akamai fingerprint and a profile for what the fingerprint leaves open. */
final class Http2Fill {

    private static final Map<String, String> NAMES =
            Map.of("m", ":method", "a", ":authority", "s", ":scheme", "p", ":path");
    private static final int INITIAL_WINDOW = 65_535;

    private final AkamaiFingerprint fingerprint;
    private final Http2Spec base;
    private final List<String> filled = new ArrayList<>();

    private Http2Fill(AkamaiFingerprint fingerprint, Http2Spec base) {
        this.fingerprint = fingerprint;
        this.base = base;
    }

    static Filled<Http2Spec> fill(AkamaiFingerprint fingerprint, BrowserProfile base) {
        Http2Fill fill = new Http2Fill(fingerprint, base.http2());
        Http2Spec spec = fill.spec();
        return new Filled<>(spec, base.name(), fill.filled);
    }

    private Http2Spec spec() {
        List<Setting> settings = settings();
        long streamWindow = settings.stream()
                .filter(setting -> setting.id() == Setting.INITIAL_WINDOW_SIZE)
                .mapToLong(Setting::value)
                .reduce(INITIAL_WINDOW, (first, last) -> last);
        filled.addAll(
                List.of("first_stream_id", "stream_window_increment", "start_in_one_record", "priority", "hpack"));
        return new Http2Spec(
                settings,
                fingerprint.windowUpdate(),
                fingerprint.priorities(),
                base.firstStreamId(),
                base.streamWindowIncrement(),
                base.startInOneRecord(),
                fingerprint.pseudoHeaders().stream()
                        .map(letter -> NAMES.getOrDefault(letter, letter))
                        .toList(),
                base.priorities(),
                base.hpack(),
                refill(
                        "connection_refill",
                        base.connectionRefill(),
                        (long) INITIAL_WINDOW + fingerprint.windowUpdate()),
                refill("stream_refill", base.streamRefill(), streamWindow + base.streamWindowIncrement()));
    }

    /** The fingerprint leaves GREASE out: it stands where the base has it. */
    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(fingerprint.settings());
        for (int i = 0; i < base.settings().size(); i++) {
            Setting setting = base.settings().get(i);
            if (Grease.isGrease(setting.id())) {
                settings.add(Math.min(i, settings.size()), setting);
                filled.add("settings: GREASE");
            }
        }
        return settings;
    }

    /** A refill that comes only after more bytes than the window has would stop every transfer. */
    private WindowRefill refill(String name, WindowRefill rule, long window) {
        long threshold = Math.min(rule.threshold(), window / 2);
        long lowWater = Math.min(rule.lowWater(), window / 2);
        boolean fits = threshold == rule.threshold() && lowWater == rule.lowWater();
        filled.add(fits ? name : name + ", cut to half of the window");
        return fits ? rule : new WindowRefill((int) threshold, (int) lowWater, rule.smallAfter());
    }
}
