package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.ProfileLoader.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The catalogue of browser profiles that come with the library, and the way to read one's own. Profiles are read on first
 * use and kept. Safe for use by several threads.
 */
public final class BrowserProfiles {

    private static final String FOLDER = "profiles/";
    private static final String INDEX = "index.txt";
    private static final List<String> NAMES = index();
    private static final Map<String, BrowserProfile> LOADED = new ConcurrentHashMap<>();

    private BrowserProfiles() {}

    /**
     * Returns the profile with the given name.
     *
     * @throws UnknownProfileException if there is none; its message names the nearest ones
     */
    public static BrowserProfile find(String name) {
        BrowserProfile loaded = LOADED.get(name);
        if (loaded != null) {
            return loaded;
        }
        Source source = builtIn(name).orElseThrow(() -> new UnknownProfileException(name, NAMES));
        return LOADED.computeIfAbsent(name, key -> ProfileLoader.load(source, BrowserProfiles::builtIn));
    }

    /** Returns the names of all profiles in alphabetical order. */
    public static List<String> names() {
        return NAMES;
    }

    /** Returns all profiles in the order of their names. */
    public static List<BrowserProfile> all() {
        return NAMES.stream().map(BrowserProfiles::find).toList();
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
        return ProfileLoader.load(new Source(file, toml), BrowserProfiles::builtIn);
    }

    private static Optional<Source> builtIn(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(new Source(name + ".toml", text(name + ".toml")));
    }

    private static List<String> index() {
        return text(INDEX)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .sorted()
                .toList();
    }

    private static String text(String resource) {
        try (InputStream in = BrowserProfiles.class.getResourceAsStream(FOLDER + resource)) {
            if (in == null) {
                throw new IllegalStateException("the library lacks its resource " + FOLDER + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
