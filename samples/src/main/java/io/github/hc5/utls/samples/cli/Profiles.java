package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.UnknownProfileException;

/** Looks up the profile that a command line names. */
final class Profiles {

    private Profiles() {}

    /**
     * Returns the profile of this name.
     *
     * @throws CliException if there is none; the message suggests the nearest names
     */
    static BrowserProfile find(String name) {
        try {
            return BrowserProfiles.find(name);
        } catch (UnknownProfileException e) {
            throw CliException.usage(OneLine.of(e), e);
        }
    }
}
