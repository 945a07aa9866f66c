package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.util.List;

/** Looks up the profile that a command line names. */
final class Profiles {

    private static final int SUGGESTIONS = 3;

    private Profiles() {}

    /**
     * Returns the profile of this name.
     *
     * @throws CliException if there is none; the message suggests the nearest names
     */
    static BrowserProfile find(String name) {
        return BrowserProfiles.find(name).orElseThrow(() -> CliException.usage(unknown(name)));
    }

    private static String unknown(String name) {
        List<String> nearest = NearestNames.of(name, BrowserProfiles.names(), SUGGESTIONS);
        return "unknown profile \"" + name.replaceAll("\\p{Cntrl}", "?") + "\"; the nearest names are "
                + String.join(", ", nearest) + " (\"utls profiles\" lists all)";
    }
}
