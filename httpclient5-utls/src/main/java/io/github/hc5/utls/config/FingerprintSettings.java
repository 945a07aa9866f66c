package io.github.hc5.utls.config;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.ProfileCatalogue;
import io.github.hc5.utls.fingerprint.ProfileShares;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which browsers connections show. Immutable.
 *
 * @param profile the name or alias of the browser that the policy {@link Policy#FIXED} shows
 * @param policy who gets which browser
 * @param shares names or aliases of profiles, each with its weight, for the other policies; none: those of real users
 * @param seed for {@link Policy#PER_HOST}: with the same seed, hosts see the same browser after a restart; {@code null}:
 *     drawn
 * @param key for {@link Policy#PER_KEY}: what belongs together, such as an account
 * @param folder with profiles of one's own; {@code null}: none
 */
public record FingerprintSettings(
        String profile,
        Policy policy,
        Map<String, Double> shares,
        @Nullable Long seed,
        @Nullable String key,
        @Nullable Path folder) {

    /** Who gets which browser. */
    public enum Policy {
        /** Everyone the same. */
        FIXED,
        /** Each host its own. */
        PER_HOST,
        /** Each connection its own. */
        PER_CONNECTION,
        /** Everyone the one that belongs to a key. */
        PER_KEY
    }

    /** Copies the shares. */
    public FingerprintSettings {
        shares = Map.copyOf(shares);
        if (policy == Policy.PER_KEY && key == null) {
            throw new IllegalArgumentException("policy is per_key, must come with a key");
        }
    }

    /** The profiles that may be shown, and the policy that chooses among them. */
    public record Resolved(List<BrowserProfile> profiles, FingerprintPolicy policy) {

        public Resolved {
            profiles = List.copyOf(profiles);
        }
    }

    /**
     * Finds the profiles. Reads the folder where there is one.
     *
     * @throws IllegalArgumentException if a profile is unknown or malformed, or the folder cannot be read
     */
    public Resolved resolve() {
        ProfileCatalogue catalogue = catalogue();
        if (policy == Policy.FIXED) {
            BrowserProfile found = catalogue.find(profile);
            return new Resolved(List.of(found), FingerprintPolicy.fixed(found));
        }
        ProfileShares chosen = shares.isEmpty() ? ProfileShares.realWorld() : shares(catalogue);
        return new Resolved(
                chosen.profiles(),
                switch (policy) {
                    case PER_HOST ->
                        seed == null ? FingerprintPolicy.perHost(chosen) : FingerprintPolicy.perHost(chosen, seed);
                    case PER_KEY ->
                        // requests with a key of their own have its profile, all others that of this one
                        FingerprintPolicy.perKey(chosen, FingerprintPolicy.forKey(chosen, String.valueOf(key)));
                    default -> FingerprintPolicy.perConnection(chosen);
                });
    }

    /**
     * Returns the profiles by name.
     *
     * @throws IllegalArgumentException if the folder or a profile in it cannot be read
     */
    public ProfileCatalogue catalogue() {
        if (folder == null) {
            return ProfileCatalogue.builtIn();
        }
        try {
            return ProfileCatalogue.builtIn().withFolder(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ProfileShares shares(ProfileCatalogue catalogue) {
        Map<BrowserProfile, Double> weights = new LinkedHashMap<>();
        shares.forEach((name, weight) -> weights.merge(catalogue.find(name), weight, Double::sum));
        return ProfileShares.weighted(weights);
    }
}
