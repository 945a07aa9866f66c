package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ProfileFormatException;
import io.github.hc5.utls.fingerprint.UnknownProfileException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Looks up the profile that a command line names. */
final class Profiles {

    private static final String SUFFIX = ".toml";

    private Profiles() {}

    /** Returns whether a command line means a file by this. */
    static boolean isFile(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * Returns the profile of this name or alias, or the one in this file where the name ends in {@code .toml}.
     *
     * @throws CliException if there is none, with the nearest names, or if anything is wrong in the file
     */
    static BrowserProfile find(String name) {
        try {
            return isFile(name) ? BrowserProfiles.load(Path.of(name)) : BrowserProfiles.find(name);
        } catch (UnknownProfileException | ProfileFormatException | InvalidPathException e) {
            throw CliException.usage(OneLine.of(e), e);
        } catch (NoSuchFileException e) {
            throw CliException.usage("no such file: " + name, e);
        } catch (IOException e) {
            throw CliException.usage("cannot read " + name + ": " + OneLine.of(e), e);
        }
    }
}
