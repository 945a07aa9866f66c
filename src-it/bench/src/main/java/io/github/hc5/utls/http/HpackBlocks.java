package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.RequestKind;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;

/** The header blocks of one connection: a request's fields completed as the browser's, then encoded. */
public final class HpackBlocks {

    private final RequestFields fields;
    private final HpackShaper shaper;

    public HpackBlocks(BrowserProfile profile) {
        HeaderCompletion completion =
                new HeaderCompletion(profile.headers(), HeaderMode.PROFILE, null, new ContradictionLog(message -> {}));
        fields = new RequestFields(profile.http2(), completion);
        shaper = new HpackShaper(profile.http2().hpack());
    }

    /** Returns the length of the block. */
    public int encode(HttpRequest request) throws ProtocolException {
        FieldList list = fields.of(request, null, RequestKind.NAVIGATION);
        shaper.encode(list);
        fields.release(list);
        return shaper.length();
    }
}
