package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec.Dependency;
import io.github.hc5.utls.fingerprint.Http2Spec.StreamPriority;

/**
 * Finds the stream on which a new one depends (RFC 7540 section 5.3.1). Chromium hangs each request below the one opened
 * last among those of the nearest equal or higher weight, so that the tree is a chain from heavy to light.
 */
final class PriorityChain {

    private PriorityChain() {}

    static int dependency(StreamPriority priority, StreamTable open) {
        if (priority.dependency() instanceof Dependency.OnStream fixed) {
            return fixed.streamId();
        }
        return open.lightestFrom(priority.weight());
    }
}
