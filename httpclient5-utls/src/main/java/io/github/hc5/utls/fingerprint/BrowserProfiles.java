package io.github.hc5.utls.fingerprint;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The browser profiles that come with the library, and the way to read a single one of one's own; {@link ProfileCatalogue}
 * reads folders of them. Profiles are read on first use and kept. Safe for use by several threads.
 */
public final class BrowserProfiles {

    private BrowserProfiles() {}

    /**
     * Returns the profile with the given name, or the one that an alias such as {@code chrome} stands for.
     *
     * @throws UnknownProfileException if there is none; its message names the nearest ones
     */
    public static BrowserProfile find(String nameOrAlias) {
        return ProfileCatalogue.builtIn().find(nameOrAlias);
    }

    /** Returns the names of all profiles in alphabetical order. */
    public static List<String> names() {
        return ProfileCatalogue.builtIn().names();
    }

    /** Returns the aliases, such as {@code chrome} for the newest Chrome, each with the name that it stands for. */
    public static Map<String, String> aliases() {
        return ProfileCatalogue.builtIn().aliases();
    }

    /** Returns all profiles in the order of their names. */
    public static List<BrowserProfile> all() {
        return ProfileCatalogue.builtIn().all();
    }

    /**
     * Reads a profile from a TOML file, which may extend one of the catalogue.
     *
     * @throws ProfileFormatException if anything in the file is wrong; it lists every problem with its place
     * @throws IOException if the file cannot be read
     */
    public static BrowserProfile load(Path file) throws IOException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new ProfileFormatException(List.of(file + ":1:1: the file is not in UTF-8"), e);
        }
    }

    /**
     * Reads a profile from TOML text, which may extend one of the catalogue.
     *
     * @param file the name by which messages call the text
     * @throws ProfileFormatException if anything in the text is wrong; it lists every problem with its place
     */
    public static BrowserProfile parse(String file, String toml) {
        return ProfileLoader.load(new ProfileSource(file, toml), ProfileCatalogue.builtIn()::source);
    }
}
