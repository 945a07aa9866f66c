package io.github.hc5.utls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The import direction of the library: what each package may use besides itself, the JDK, SLF4J and JSpecify. A package that
 * does not exist yet has its line already.
 */
class ArchitectureTest {

    private static final String ROOT = "io.github.hc5.utls";
    private static final String TOML = "org.tomlj..";
    private static final String CAFFEINE = "com.github.benmanes.caffeine..";
    private static final String BOUNCY_CASTLE = "org.bouncycastle..";
    private static final String CORE = "org.apache.hc.core5..";
    private static final String CLIENT = "org.apache.hc.client5..";
    private static final String BROTLI = "org.brotli.dec..";
    private static final String BROTLI_NATIVE = "com.aayushatharva.brotli4j..";
    private static final String ZSTD = "com.github.luben.zstd..";

    /**
     * One package of the library.
     *
     * @param name the package's name below the root
     * @param uses the packages of the library that it may import
     * @param classes the single classes of other packages of the library that it may import
     * @param libraries the packages of others that it may import
     */
    private record Layer(String name, List<String> uses, List<String> classes, List<String> libraries) {
        static Layer of(String name, List<String> uses, String... libraries) {
            return new Layer(name, uses, List.of(), List.of(libraries));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Layer> LAYERS = List.of(
            Layer.of("fingerprint", List.of(), TOML),
            Layer.of("address", List.of(), CAFFEINE, "org.apache.hc.client5.http", "org.apache.hc.core5.annotation"),
            Layer.of("health", List.of()),
            Layer.of(
                    "tls",
                    List.of("fingerprint"),
                    BOUNCY_CASTLE,
                    CORE,
                    BROTLI,
                    ZSTD,
                    // TlsConfig is what the connection manager attaches to a connect; host names are verified by
                    // HttpClient's own rules.
                    "org.apache.hc.client5.http.config",
                    "org.apache.hc.client5.http.ssl",
                    "org.apache.hc.client5.http.psl"),
            Layer.of(
                    "http",
                    List.of("fingerprint"),
                    CORE,
                    BROTLI,
                    BROTLI_NATIVE,
                    ZSTD,
                    // the response timeout of one exchange is said by the request configuration in its context
                    "org.apache.hc.client5.http.protocol",
                    "org.apache.hc.client5.http.config",
                    // what counts as one site
                    "org.apache.hc.client5.http.psl"),
            new Layer("pool", List.of("address", "health"), List.of("http.ConnectionEvents"), List.of(CLIENT, CORE)),
            Layer.of("resilience", List.of("pool", "address", "health"), CLIENT, CORE, CAFFEINE),
            Layer.of(
                    "cluster",
                    List.of("pool", "address", "health"),
                    "org.redisson..",
                    "org.apache.hc.client5.http",
                    "org.apache.hc.core5.http"),
            Layer.of(
                    "metrics",
                    // what a listener of the pool is told is in terms of health; routes are HttpClient's
                    List.of("pool", "address", "health"),
                    "io.micrometer..",
                    "jdk.jfr..",
                    "org.apache.hc.client5.http",
                    "org.apache.hc.core5.http",
                    "org.apache.hc.core5.io",
                    "org.apache.hc.core5.pool"),
            Layer.of(
                    "config",
                    List.of(
                            "fingerprint",
                            "address",
                            "health",
                            "tls",
                            "http",
                            "pool",
                            "resilience",
                            "cluster",
                            "metrics"),
                    TOML,
                    CLIENT,
                    CORE));

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT);

    static Stream<Layer> layers() {
        return LAYERS.stream();
    }

    /** HttpClient brings SLF4J 1.7 along, so that an application may have that and nothing newer. */
    @Test
    void noMethodIsCalledThatSlf4j17DoesNotHave() {
        Set<String> newer = Set.of(
                "isEnabledForLevel",
                "atLevel",
                "atTrace",
                "atDebug",
                "atInfo",
                "atWarn",
                "atError",
                "makeLoggingEventBuilder",
                "pushByKey",
                "popByKey");
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it came with SLF4J 2",
                        call -> call.getTargetOwner().getPackageName().equals("org.slf4j")
                                && newer.contains(call.getTarget().getName())))
                .check(LIBRARY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void importsOnlyWhatItsLineNames(Layer layer) {
        classes()
                .that()
                .resideInAPackage(ROOT + "." + layer.name() + "..")
                .should()
                .onlyDependOnClassesThat(allowedTo(layer))
                .allowEmptyShould(true)
                .check(LIBRARY);
    }

    @Test
    void everyPackageHasALine() {
        Set<String> known = new LinkedHashSet<>(Set.of(ROOT));
        LAYERS.forEach(layer -> known.add(ROOT + "." + layer.name()));

        assertThat(known)
                .containsAll(LIBRARY.stream().map(JavaClass::getPackageName).toList());
        assertThat(LIBRARY).isNotEmpty();
    }

    @Test
    void nothingImportsTheRoot() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .allowEmptyShould(true)
                .check(LIBRARY);
    }

    @Test
    void theRuleSeesAnImportThatIsNotAllowed() {
        JavaClasses samples = new ClassFileImporter().importClasses(ArchitectureTest.class, Map.class);

        assertThat(allowedTo(LAYERS.get(0)).test(samples.get(ArchitectureTest.class)))
                .isFalse();
        assertThat(allowedTo(LAYERS.get(0)).test(samples.get(Map.class))).isTrue();
    }

    private static DescribedPredicate<JavaClass> allowedTo(Layer layer) {
        Stream<String> own = Stream.of(ROOT + "." + layer.name() + "..");
        Stream<String> platform = Stream.of("java..", "javax..", "org.slf4j..", "org.jspecify..", "");
        Stream<String> used = layer.uses().stream().map(name -> ROOT + "." + name + "..");
        String[] packages = Stream.of(own, platform, used, layer.libraries().stream())
                .flatMap(names -> names)
                .toArray(String[]::new);
        Set<String> single = new LinkedHashSet<>();
        layer.classes().forEach(name -> single.add(ROOT + "." + name));
        return JavaClass.Predicates.resideInAnyPackage(packages)
                .or(DescribedPredicate.describe(
                        "are among " + single,
                        type -> single.contains(type.getName())
                                || single.contains(type.getName().replaceFirst("\\$.*", ""))));
    }
}
