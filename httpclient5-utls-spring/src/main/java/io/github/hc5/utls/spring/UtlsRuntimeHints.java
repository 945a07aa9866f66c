package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** What a native image must keep: the profiles and presets, and what is found by name. */
final class UtlsRuntimeHints implements RuntimeHintsRegistrar {

    private static final String ROOT = "io/github/hc5/utls/";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources()
                .registerPattern(ROOT + "fingerprint/code-points.txt")
                .registerPattern(ROOT + "fingerprint/profiles/*")
                .registerPattern(ROOT + "config/presets/*.toml")
                .registerPattern("META-INF/utls/profiles/*")
                .registerPattern("META-INF/services/io.github.hc5.utls.pool.TransportProvider")
                .registerPattern("mozilla/public-suffix-list.txt");
        hints.reflection()
                .registerType(
                        TypeReference.of("io.github.hc5.utls.BrowserTransport"),
                        MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        // BouncyCastle's own types are used directly; the JDK's algorithms are found by their names
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader, "sun.security.provider.SHA2$SHA256", MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
                .registerTypeIfPresent(
                        classLoader, "sun.security.provider.SHA5$SHA384", MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
    }
}
