package io.github.hc5.utls.samples.crawler;

import java.io.IOException;
import java.io.Serial;

/** A URL, or a redirect, leads to a host that is not on the list of allowed targets. */
final class TargetRefusedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    TargetRefusedException(String target, boolean emptyList) {
        super(
                emptyList
                        ? "no target is allowed: the setting crawler.targets.allow is empty"
                        : target + " is not on the list of allowed targets (crawler.targets.allow)");
    }
}
