package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.HpackSpec;
import io.github.hc5.utls.fingerprint.HpackSpec.Huffman;
import io.github.hc5.utls.fingerprint.HpackSpec.Literal;
import io.github.hc5.utls.fingerprint.HpackSpec.LiteralRule;
import io.github.hc5.utls.fingerprint.HpackSpec.NameIndex;
import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.Http2Spec.WindowRefill;
import java.util.List;
import java.util.Map;

/** The HTTP/2 of a connection that is no browser's: the protocol's defaults, with windows that let a download run. */
final class PlainHttp2 {

    private static final int STREAM_WINDOW = 4 << 20;
    private static final int CONNECTION_WINDOW = 16 << 20;

    static final Http2Spec SPEC = new Http2Spec(
            List.of(new Setting(Setting.ENABLE_PUSH, 0), new Setting(Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW)),
            CONNECTION_WINDOW - H2Frames.DEFAULT_WINDOW,
            List.of(),
            1,
            0,
            false,
            List.of(":method", ":scheme", ":authority", ":path"),
            Map.of(),
            new HpackSpec(
                    Huffman.WHEN_SHORTER,
                    NameIndex.LOWEST,
                    List.of(
                            new LiteralRule(":path", Integer.MAX_VALUE, Literal.WITHOUT_INDEXING, true),
                            new LiteralRule("content-length", Integer.MAX_VALUE, Literal.WITHOUT_INDEXING, true),
                            new LiteralRule("authorization", Integer.MAX_VALUE, Literal.NEVER_INDEXED, false)),
                    true,
                    false,
                    false),
            new WindowRefill(CONNECTION_WINDOW / 2, 0),
            new WindowRefill(STREAM_WINDOW / 2, 0));

    private PlainHttp2() {}
}
