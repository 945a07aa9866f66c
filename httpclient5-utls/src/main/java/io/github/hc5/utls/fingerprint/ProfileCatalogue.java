package io.github.hc5.utls.fingerprint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Browser profiles by name: those that come with the library, and one's own from a folder or from the class path, which may
 * extend the library's and one another. A profile of the library is read when it is first asked for; one's own are read and
 * checked at once, so that a mistake shows when the program starts. Immutable but for that cache, and safe for use by
 * several threads.
 *
 * <p>One's own profile is in a file called after it: {@code mine-1.toml} holds the profile {@code mine-1}.
 */
public final class ProfileCatalogue {

    /** Where on the class path one's own profiles are: the files, and a list of their names, one a line. */
    public static final String CLASS_PATH_FOLDER = "META-INF/utls/profiles/";

    static final String INDEX = "index.txt";

    private static final String SUFFIX = ".toml";

    private final Map<String, ProfileSource> sources;
    private final Map<String, String> aliases;
    private final List<String> names;
    private final Map<String, BrowserProfile> loaded = new ConcurrentHashMap<>();

    private ProfileCatalogue(Map<String, ProfileSource> sources, Map<String, String> aliases) {
        this.sources = Collections.unmodifiableMap(new TreeMap<>(sources));
        this.aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        this.names = List.copyOf(this.sources.keySet());
    }

    /** Returns the catalogue that comes with the library. */
    public static ProfileCatalogue builtIn() {
        return BuiltIn.CATALOGUE;
    }

    /**
     * Returns the profile with the given name, or the one that an alias stands for.
     *
     * @throws UnknownProfileException if there is none; its message names the nearest ones
     */
    public BrowserProfile find(String nameOrAlias) {
        String name = aliases.getOrDefault(nameOrAlias, nameOrAlias);
        BrowserProfile known = loaded.get(name);
        if (known != null) {
            return known;
        }
        ProfileSource source =
                source(name).orElseThrow(() -> new UnknownProfileException(nameOrAlias, names, aliases.keySet()));
        return loaded.computeIfAbsent(name, key -> ProfileLoader.load(source, this::source));
    }

    /** Returns the names of all profiles in alphabetical order. */
    public List<String> names() {
        return names;
    }

    /** Returns the other names by which profiles can be found, such as {@code chrome} for the newest Chrome. */
    public Map<String, String> aliases() {
        return aliases;
    }

    /** Returns all profiles in the order of their names. */
    public List<BrowserProfile> all() {
        return names.stream().map(this::find).toList();
    }

    /**
     * Returns a catalogue that has the profiles of a folder's files ending in {@code .toml} besides those of this one.
     *
     * @throws ProfileFormatException if anything in a file is wrong, or if it is called after a profile that is there
     *     already; it lists every problem of every file with its place
     * @throws IOException if the folder or a file cannot be read
     */
    public ProfileCatalogue withFolder(Path folder) throws IOException {
        Map<String, ProfileSource> own = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file :
                    entries.filter(ProfileCatalogue::isProfile).sorted().toList()) {
                try {
                    own.put(nameOf(file), new ProfileSource(file.toString(), Files.readString(file)));
                } catch (CharacterCodingException e) {
                    problems.add(file + ":1:1: the file is not in UTF-8");
                }
            }
        }
        return with(own, problems);
    }

    /**
     * Returns a catalogue that has besides those of this one the profiles that the class path offers under
     * {@value #CLASS_PATH_FOLDER}: each {@code index.txt} there lists the names of the profiles beside it.
     *
     * @throws ProfileFormatException as {@link #withFolder}
     * @throws IOException if a resource cannot be read, or an index names a profile that is not there
     */
    public ProfileCatalogue withClassPath(ClassLoader loader) throws IOException {
        Map<String, ProfileSource> own = new LinkedHashMap<>();
        for (URL index : Collections.list(loader.getResources(CLASS_PATH_FOLDER + INDEX))) {
            for (String name : lines(text(index))) {
                URL file = new URL(index, name + SUFFIX);
                own.put(name, new ProfileSource(file.toString(), text(file)));
            }
        }
        return with(own, new ArrayList<>());
    }

    private ProfileCatalogue with(Map<String, ProfileSource> own, List<String> problems) {
        Map<String, ProfileSource> both = new TreeMap<>(sources);
        List<String> added = new ArrayList<>();
        own.forEach((name, source) -> {
            if (both.containsKey(name) || aliases.containsKey(name)) {
                problems.add(source.file() + ":1:1: the catalogue has a profile called " + name + " already");
            } else {
                both.put(name, source);
                added.add(name);
            }
        });
        ProfileCatalogue catalogue = new ProfileCatalogue(both, aliases);
        catalogue.loaded.putAll(loaded);
        added.forEach(name -> catalogue.check(name, problems));
        if (!problems.isEmpty()) {
            throw new ProfileFormatException(problems);
        }
        return catalogue;
    }

    private void check(String name, Collection<String> problems) {
        try {
            String inside = find(name).name();
            if (!inside.equals(name)) {
                problems.add(source(name).orElseThrow().file() + ":1:1: name: is '" + inside + "', must be '" + name
                        + "' as the file is called");
            }
        } catch (ProfileFormatException e) {
            problems.addAll(e.problems());
        }
    }

    Optional<ProfileSource> source(String name) {
        return Optional.ofNullable(sources.get(name));
    }

    private static boolean isProfile(Path file) {
        return file.toString().endsWith(SUFFIX) && Files.isRegularFile(file);
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static List<String> lines(String index) {
        return index.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static String text(URL resource) throws IOException {
        try (InputStream in = resource.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Read on first use; a text is read when its profile, or one that extends it, is asked for. */
    private static final class BuiltIn {

        private static final String FOLDER = "profiles/";
        private static final String IS = "=";
        private static final ProfileCatalogue CATALOGUE = read();

        private static ProfileCatalogue read() {
            Map<String, ProfileSource> sources = new TreeMap<>();
            Map<String, String> aliases = new TreeMap<>();
            for (String line : lines(resource(INDEX))) {
                int is = line.indexOf(IS);
                if (is < 0) {
                    sources.put(line, new ProfileSource(line + SUFFIX, () -> resource(line + SUFFIX)));
                } else {
                    aliases.put(
                            line.substring(0, is).strip(),
                            line.substring(is + 1).strip());
                }
            }
            return new ProfileCatalogue(sources, aliases);
        }

        private static String resource(String name) {
            URL resource = ProfileCatalogue.class.getResource(FOLDER + name);
            if (resource == null) {
                throw new IllegalStateException("the library lacks its resource " + FOLDER + name);
            }
            try {
                return text(resource);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
