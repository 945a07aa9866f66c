package io.github.hc5.utls.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that some integration tests run as the peer and that no build tool fetches.
 *
 * <p>Where it is missing, a developer's tests skip and name the command that installs it; where the environment variable
 * {@code UTLS_REQUIRE} lists it (separated by commas, as {@code .ci/run} does), they fail, so that no check is lost in
 * silence.
 */
public enum Requirement {
    APACHE("apache2", "apache2-bin"),
    CHROMIUM("chromium", "chromium"),
    CURL("curl", "curl"),
    HAPROXY("haproxy", "haproxy"),
    NGINX("nginx", "nginx-light"),
    OPENSSL("openssl", "openssl"),
    REDIS("redis-server", "redis-server");

    /** Names the requirements that must be there. */
    public static final String VARIABLE = "UTLS_REQUIRE";

    /** Where Debian keeps daemons, which is not on every user's path. */
    private static final List<Path> DAEMON_DIRECTORIES = List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));

    private final String program;
    private final String debianPackage;

    Requirement(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /**
     * Returns where the program is; call it first in a test, or in its {@code @BeforeAll}.
     *
     * @throws AssertionError if the program is missing and {@code UTLS_REQUIRE} lists it
     * @throws org.opentest4j.TestAbortedException if the program is missing otherwise, which skips the test
     */
    public Path executable() {
        return executable(
                searchPath(), Optional.ofNullable(System.getenv(VARIABLE)).orElse(""));
    }

    /** Returns where the program is, for a test that has another to fall back on where it is neither there nor required. */
    public Optional<Path> find() {
        boolean required =
                isRequired(Optional.ofNullable(System.getenv(VARIABLE)).orElse(""));
        return required ? Optional.of(executable()) : find(searchPath());
    }

    private Optional<Path> find(Collection<Path> directories) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Path executable(Collection<Path> directories, String required) {
        Optional<Path> found = find(directories);
        if (found.isPresent()) {
            return found.get();
        }
        String missing = program + " is not installed (on Debian: apt-get install " + debianPackage + ")";
        if (isRequired(required)) {
            throw new AssertionError(missing + ", and " + VARIABLE + "=" + required + " requires it");
        }
        return Assumptions.abort(missing);
    }

    private boolean isRequired(String required) {
        List<String> known = Arrays.stream(values()).map(each -> each.program).toList();
        List<String> listed = Arrays.stream(required.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : listed) {
            if (!known.contains(name)) {
                throw new AssertionError(VARIABLE + " lists \"" + name + "\"; known are " + String.join(", ", known));
            }
        }
        return listed.contains(program);
    }

    private static List<Path> searchPath() {
        Stream<Path> path = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of);
        return Stream.concat(path, DAEMON_DIRECTORIES.stream()).toList();
    }
}
