package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a profile file whose hello comes from captures, and that extends a profile of the catalogue for what they do not
 * tell. Not safe for use by several threads.
 */
public final class ProfileWriter {

    private static final int WIDTH = 118;

    private final StringBuilder text = new StringBuilder();
    private final HelloMerge.Merged hello;
    private final String name;
    private final BrowserProfile base;
    private final String source;
    private @Nullable LocalDate date;
    private @Nullable AkamaiFingerprint http2;
    private @Nullable String userAgent;

    /**
     * @param name the new profile's name
     * @param base the profile that it extends
     * @param source where the captures come from
     * @param hello what {@link HelloMerge} made of them
     */
    public ProfileWriter(String name, BrowserProfile base, String source, HelloMerge.Merged hello) {
        this.name = name;
        this.base = base;
        this.source = source;
        this.hello = hello;
    }

    /** The day of the captures; by default the file has none. */
    public ProfileWriter date(LocalDate value) {
        date = value;
        return this;
    }

    /** The start of the client's HTTP/2 connections; by default the base profile's. */
    public ProfileWriter http2(AkamaiFingerprint value) {
        http2 = value;
        return this;
    }

    /** The client's User-Agent; by default the base profile's. */
    public ProfileWriter userAgent(String value) {
        userAgent = value;
        return this;
    }

    /**
     * Returns the file's text, which has been read back.
     *
     * @throws IllegalArgumentException if what was given makes no valid profile; the message says why
     */
    public String toToml() {
        text.setLength(0);
        comments();
        line("name", HelloText.quoted(name));
        line("extends", HelloText.quoted(base.name()));
        line("source", HelloText.quoted(source));
        if (date != null) {
            line("date", date.toString());
        }
        text.append("\n[hello]\n");
        HelloText.fields(hello.spec()).forEach(this::line);
        contents();
        http2();
        if (userAgent != null) {
            text.append("\n[headers]\n");
            line("user_agent", HelloText.quoted(userAgent));
        }
        String toml = text.toString();
        verify(toml);
        return toml;
    }

    private void verify(String toml) {
        BrowserProfile read;
        try {
            read = BrowserProfiles.parse(name + ".toml", toml);
        } catch (ProfileFormatException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
        Checks.that(
                read.hello().equals(hello.spec()), () -> "the hello cannot be written without a loss: " + hello.spec());
    }

    private void comments() {
        text.append("# Imported. HTTP/2 and headers are those of ").append(base.name());
        text.append(http2 == null && userAgent == null ? ".\n" : ", but for what is named below.\n");
        hello.notes().forEach(note -> text.append("# Note: ").append(note).append(".\n"));
        text.append('\n');
    }

    private void contents() {
        String table = "";
        text.append("\n[hello.extension]\n");
        for (Map.Entry<String, String> content :
                HelloText.contents(hello.spec()).entrySet()) {
            if (content.getKey().indexOf('.') < 0) {
                line(content.getKey(), content.getValue());
            }
        }
        for (Map.Entry<String, String> content :
                HelloText.contents(hello.spec()).entrySet()) {
            int dot = content.getKey().indexOf('.');
            if (dot >= 0) {
                String of = content.getKey().substring(0, dot);
                if (!of.equals(table)) {
                    table = of;
                    text.append("\n[hello.extension.").append(table).append("]\n");
                }
                line(content.getKey().substring(dot + 1), content.getValue());
            }
        }
    }

    private void http2() {
        AkamaiFingerprint start = http2;
        if (start == null) {
            return;
        }
        Http2Spec spec = Http2Spec.of(start, base).value();
        text.append("\n[http2]\n");
        line("settings", HelloText.array(spec.settings(), ProfileWriter::setting));
        line("connection_window_increment", String.valueOf(spec.connectionWindowIncrement()));
        line("priority_frames", HelloText.array(spec.priorityFrames(), ProfileWriter::priorityFrame));
        line("pseudo_headers", HelloText.array(spec.pseudoHeaders(), HelloText::quoted));
        refill("connection_refill", spec.connectionRefill());
        refill("stream_refill", spec.streamRefill());
    }

    private void refill(String table, Http2Spec.WindowRefill refill) {
        text.append("\n[http2.").append(table).append("]\n");
        line("threshold", String.valueOf(refill.threshold()));
        line("low_water", String.valueOf(refill.lowWater()));
        line("small_after_seconds", String.valueOf(refill.smallAfter().toSeconds()));
    }

    private static String setting(Setting setting) {
        return "{ id = " + HelloText.quoted(CodePoints.HTTP2_SETTING.nameOf(setting.id())) + ", value = "
                + (setting.value() == Setting.DRAWN ? HelloText.quoted("drawn") : String.valueOf(setting.value()))
                + " }";
    }

    private static String priorityFrame(PriorityFrame frame) {
        return "{ stream_id = " + frame.streamId() + ", exclusive = " + frame.exclusive() + ", depends_on = "
                + frame.dependsOn() + ", weight = " + frame.weight() + " }";
    }

    /** An array that is too long for a line gets a line for each of its elements. */
    private void line(String key, String value) {
        String line = key + " = " + value;
        if (line.length() > WIDTH && value.startsWith("[\"")) {
            List<String> elements =
                    List.of(value.substring(1, value.length() - 1).split(", ", -1));
            line = key + " = [\n  " + String.join(",\n  ", elements) + ",\n]";
        }
        text.append(line).append('\n');
    }
}
