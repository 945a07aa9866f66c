package io.github.hc5.utls.fingerprint;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * Reads a profile from TOML. Everything is required and everything unknown is refused; with {@code extends}, what a file
 * leaves out comes from the profile that it names. All problems of a file are reported at once.
 */
final class ProfileLoader {

    private static final String EXTENDS = "extends";

    private final Function<String, Optional<ProfileSource>> ancestors;
    private final ProfileProblems problems;

    private ProfileLoader(ProfileSource source, Function<String, Optional<ProfileSource>> ancestors) {
        this.problems = new ProfileProblems(source.file());
        this.ancestors = ancestors;
    }

    /**
     * Reads a profile.
     *
     * @param source the file
     * @param ancestors finds the file of a profile that is named by {@code extends}
     * @throws ProfileFormatException if anything is wrong in the file or in those that it extends
     */
    static BrowserProfile load(ProfileSource source, Function<String, Optional<ProfileSource>> ancestors) {
        ProfileLoader loader = new ProfileLoader(source, ancestors);
        List<ProfileTable.Layer> layers = loader.layers(source);
        loader.problems.throwIfAny();
        Optional<BrowserProfile> profile = loader.read(ProfileTable.root(loader.problems, layers));
        loader.problems.throwIfAny();
        return profile.orElseThrow();
    }

    private List<ProfileTable.Layer> layers(ProfileSource source) {
        List<ProfileTable.Layer> layers = new ArrayList<>();
        Set<String> files = new LinkedHashSet<>();
        Optional<ProfileSource> next = Optional.of(source);
        while (next.isPresent()) {
            ProfileSource current = next.get();
            files.add(current.file());
            TomlParseResult parsed = current.parsed();
            for (TomlParseError error : parsed.errors()) {
                problems.add(
                        new ProfileProblems.Place(
                                current.file(),
                                error.position().line(),
                                error.position().column(),
                                ""),
                        String.valueOf(error.getMessage()));
            }
            ProfileTable.Layer layer = new ProfileTable.Layer(current.file(), parsed);
            layers.add(layer);
            next = ProfileTable.root(problems, List.of(layer)).optional(EXTENDS).flatMap(cell -> ancestor(cell, files));
        }
        return layers;
    }

    private Optional<ProfileSource> ancestor(ProfileCell cell, Set<String> files) {
        Optional<ProfileSource> found = cell.string().flatMap(ancestors);
        if (found.isEmpty()) {
            cell.problem("names no known profile");
        } else if (files.contains(found.get().file())) {
            cell.problem("makes the profile extend itself: " + String.join(" -> ", files));
            return Optional.empty();
        }
        return found;
    }

    private Optional<BrowserProfile> read(ProfileTable root) {
        root.optional(EXTENDS);
        Optional<String> name = root.required("name").flatMap(ProfileCell::string);
        Optional<String> source = root.required("source").flatMap(ProfileCell::string);
        Optional<LocalDate> date = root.optional("date")
                .filter(cell -> problems.isOwn(cell.place()))
                .flatMap(ProfileCell::date);
        Optional<ClientHelloSpec> hello = root.table("hello").flatMap(HelloSection::read);
        Optional<Http2Spec> http2 = root.table("http2").flatMap(Http2Section::read);
        Optional<HeaderSpec> headers = root.table("headers").flatMap(HeadersSection::read);
        root.finish();
        if (name.isEmpty() || source.isEmpty() || hello.isEmpty() || http2.isEmpty() || headers.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(
                root.place(),
                () -> new BrowserProfile(
                        name.get(), source.get(), date.orElse(null), hello.get(), http2.get(), headers.get()));
    }
}
