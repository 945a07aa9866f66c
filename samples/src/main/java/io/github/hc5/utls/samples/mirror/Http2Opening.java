package io.github.hc5.utls.samples.mirror;

import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.Http2Spec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Computes the Akamai fingerprint from how a connection starts: its frames up to the first HEADERS. */
final class Http2Opening {

    private static final Map<String, String> LETTERS =
            Map.of(":method", "m", ":authority", "a", ":scheme", "s", ":path", "p");

    private Http2Opening() {}

    /** Returns the fingerprint; null where the frames contradict HTTP/2, as a stream that depends on itself does. */
    static @Nullable String akamai(List<RecordedFrame> frames) {
        List<RecordedFrame> opening = frames.stream()
                .takeWhile(frame -> !(frame instanceof RecordedFrame.Headers))
                .toList();
        try {
            return new AkamaiFingerprint(
                            settings(opening), windowUpdate(opening), priorities(opening), pseudoHeaders(frames))
                    .toString();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<Http2Spec.Setting> settings(List<RecordedFrame> opening) {
        return opening.stream()
                .filter(RecordedFrame.Settings.class::isInstance)
                .map(RecordedFrame.Settings.class::cast)
                .findFirst()
                .map(frame -> frame.settings().stream()
                        .map(setting -> new Http2Spec.Setting(setting.id(), setting.value()))
                        .toList())
                .orElse(List.of());
    }

    private static int windowUpdate(List<RecordedFrame> opening) {
        return opening.stream()
                .filter(RecordedFrame.WindowUpdate.class::isInstance)
                .map(RecordedFrame.WindowUpdate.class::cast)
                .filter(frame -> frame.head().streamId() == 0)
                .findFirst()
                .map(frame -> (int) frame.increment())
                .orElse(0);
    }

    private static List<Http2Spec.PriorityFrame> priorities(List<RecordedFrame> opening) {
        return opening.stream()
                .filter(RecordedFrame.PriorityFrame.class::isInstance)
                .map(RecordedFrame.PriorityFrame.class::cast)
                .map(frame -> new Http2Spec.PriorityFrame(
                        frame.head().streamId(),
                        frame.priority().exclusive() == 1,
                        frame.priority().dependsOn(),
                        frame.priority().weight()))
                .toList();
    }

    private static List<String> pseudoHeaders(List<RecordedFrame> frames) {
        return frames.stream()
                .filter(RecordedFrame.Headers.class::isInstance)
                .map(RecordedFrame.Headers.class::cast)
                .findFirst()
                .map(frame -> frame.pseudo().stream()
                        .map(LETTERS::get)
                        .filter(Objects::nonNull)
                        .toList())
                .orElse(List.of());
    }
}
