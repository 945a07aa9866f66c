package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.RequestKind;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from and goes to, as its headers tell it (Fetch Metadata, Referer, Origin), so that these agree.
 * Immutable.
 */
final class FetchMetadata {

    private static final RequestOrigin NOWHERE = new RequestOrigin("", "", -1);

    private final RequestKind kind;
    private final boolean safe;
    private final @Nullable RequestOrigin target;
    private final @Nullable RequestOrigin initiator;
    private final boolean refererGiven;
    private final @Nullable String referer;
    private final @Nullable String origin;

    /**
     * @param kind what the browser fetches
     * @param safe whether the method is GET or HEAD
     * @param target where the request goes, {@code null} if it does not say
     * @param givenReferer the request's own Referer
     * @param givenOrigin the request's own Origin
     * @param siteGiven whether the request has a Sec-Fetch-Site of its own
     */
    FetchMetadata(
            RequestKind kind,
            boolean safe,
            @Nullable RequestOrigin target,
            @Nullable String givenReferer,
            @Nullable String givenOrigin,
            boolean siteGiven) {
        this.kind = kind;
        this.safe = safe;
        this.target = target;
        this.refererGiven = givenReferer != null;
        String source = givenReferer != null ? givenReferer : givenOrigin;
        this.initiator = source == null ? target : RequestOrigin.of(source);
        // a browser makes every request but a typed one from a document, and names it
        boolean typed = kind == RequestKind.NAVIGATION;
        this.referer = typed || siteGiven || target == null || !target.equals(initiator) ? null : target + "/";
        this.origin = ownOrigin();
    }

    /** Returns whether these are those of a request that has none of the three headers itself. */
    boolean isOf(RequestKind otherKind, boolean otherSafe, @Nullable RequestOrigin otherTarget) {
        return kind == otherKind && safe == otherSafe && target != null && target.equals(otherTarget);
    }

    /** Returns whether browsers treat the target as secure. */
    boolean isSecure() {
        return target == null || target.isTrustworthy();
    }

    /** Returns the Referer of a request that has none itself, {@code null} for none. */
    @Nullable
    String referer() {
        return referer;
    }

    /** Returns the Origin of a request that has none itself, {@code null} for none. */
    @Nullable
    String origin() {
        return origin;
    }

    /**
     * Returns the Sec-Fetch-Site of a request that has none itself.
     *
     * @param otherwise what the profile says of such a request where the request's own headers tell nothing
     */
    String site(String otherwise) {
        RequestOrigin to = target == null ? NOWHERE : target;
        boolean told = refererGiven || !to.equals(initiator);
        return told && initiator != null ? to.siteOf(initiator) : otherwise;
    }

    /** Sent with every method that changes something, and with a request to another origin that reads its answer. */
    private @Nullable String ownOrigin() {
        RequestOrigin from = initiator;
        if (target == null || from == null || kind == RequestKind.NAVIGATION) {
            return null;
        }
        boolean readsAcross = (kind == RequestKind.FETCH || kind == RequestKind.XHR) && !target.equals(from);
        return safe && !readsAcross ? null : from.toString();
    }
}
