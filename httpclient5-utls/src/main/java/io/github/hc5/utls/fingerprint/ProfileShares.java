package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Profiles, each with the share of connections or hosts that is to show it. Immutable.
 *
 * <p>The shares of {@link #realWorld()} are estimates made for this project in November 2026, and no published figures:
 * Chrome on computers and Chrome on phones in equal parts, together two thirds; Safari on phones a seventh; Safari on
 * computers, Edge and Firefox a few hundredths each. Public statistics of browser use agree on that order, and differ
 * among themselves by more than these estimates may be wrong. Whoever knows the visitors of a site gives
 * {@link #weighted} their shares. They are of families; each family shows its newest profile, as browsers that update
 * themselves do.
 */
public final class ProfileShares {

    private final List<BrowserProfile> profiles;
    private final double[] upTo;

    private ProfileShares(Map<BrowserProfile, Double> weights) {
        Checks.that(!weights.isEmpty(), () -> "there is no profile to choose from");
        profiles = new ArrayList<>(weights.keySet());
        upTo = new double[profiles.size()];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            BrowserProfile profile = profiles.get(i);
            double weight = weights.getOrDefault(profile, 0.0);
            Checks.that(
                    weight > 0 && weight <= 1e9,
                    () -> "the weight of " + profile.name() + " is " + weight + ", must be above 0 and at most 1e9");
            sum += weight;
            upTo[i] = sum;
        }
    }

    /**
     * Gives each profile the same share.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ProfileShares equal(List<BrowserProfile> profiles) {
        Map<BrowserProfile, Double> weights = new LinkedHashMap<>();
        profiles.forEach(profile -> weights.put(profile, 1.0));
        return new ProfileShares(weights);
    }

    /**
     * Gives each profile a share in proportion to its weight.
     *
     * @param weights above 0 each; their sum does not matter
     * @throws IllegalArgumentException if there is none, or a weight is out of range
     */
    public static ProfileShares weighted(Map<BrowserProfile, Double> weights) {
        return new ProfileShares(new LinkedHashMap<>(weights));
    }

    /**
     * Gives the newest profile of each family an estimate of its family's share; the class comment says whose. Weights:
     * Chrome 34, Chrome for Android 33, Safari on iOS 14, Edge 5, Safari 4, Firefox 2.5.
     */
    public static ProfileShares realWorld() {
        Map<BrowserProfile, Double> weights = new LinkedHashMap<>();
        weights.put(BrowserProfiles.find("chrome"), 34.0);
        weights.put(BrowserProfiles.find("chrome-android"), 33.0);
        weights.put(BrowserProfiles.find("safari-ios"), 14.0);
        weights.put(BrowserProfiles.find("safari"), 4.0);
        weights.put(BrowserProfiles.find("edge"), 5.0);
        weights.put(BrowserProfiles.find("firefox"), 2.5);
        return new ProfileShares(weights);
    }

    /** Returns the profiles that may be chosen. */
    public List<BrowserProfile> profiles() {
        return List.copyOf(profiles);
    }

    /** Draws a profile. */
    public BrowserProfile draw(RandomGenerator random) {
        return at(random.nextDouble());
    }

    /** Returns the profile of a key: always the same for one key and seed, and spread over keys by the shares. */
    BrowserProfile of(String key, long seed) {
        return at((mixed(hash(key, seed)) >>> 11) * 0x1.0p-53);
    }

    static long hash(String key, long seed) {
        long hash = seed;
        for (int i = 0; i < key.length(); i++) {
            hash = mixed(hash ^ key.charAt(i));
        }
        return hash;
    }

    private BrowserProfile at(double share) {
        double point = share * upTo[upTo.length - 1];
        int index = 0;
        while (index < upTo.length - 1 && point >= upTo[index]) {
            index++;
        }
        return profiles.get(index);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
