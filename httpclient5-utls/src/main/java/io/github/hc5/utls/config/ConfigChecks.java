package io.github.hc5.utls.config;

import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.fingerprint.AcceptLanguages;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ProfileCatalogue;
import io.github.hc5.utls.fingerprint.UnknownProfileException;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.metrics.AlertRule;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be found out of settings only by looking beyond them: profiles, key stores, interfaces, whole rules. */
final class ConfigChecks {

    private final ConfigDraft draft;
    private final Settings settings;
    private final Problems problems;

    ConfigChecks(ConfigDraft draft, Settings settings, Problems problems) {
        this.draft = draft;
        this.settings = settings;
        this.problems = problems;
    }

    void check() {
        readable("tls.trust_store", draft.tls.trustStore, draft.tls.trustStorePassword);
        readable("tls.key_store", draft.tls.keyStore, draft.tls.keyStorePassword);
        checkProfiles();
        checkLimits();
        checkAlerts();
        checkExits();
        if (!problems.isAbout("cluster.")) {
            at("cluster.addresses", draft::clusterSettings);
        }
        if (settings.get("state.file") != null || settings.get("state.place") == null) {
            at("state.file", draft::stateSettings);
        }
    }

    /** Has the refusal of what is built said where a key stands, if it was set. */
    private <T> @Nullable T at(String key, Supplier<@Nullable T> construction) {
        Settings.Setting place = settings.get(key);
        return place == null ? null : problems.build(place.origin(), key, construction);
    }

    private void readable(String key, @Nullable Path file, @Nullable String password) {
        if (file != null) {
            at(key, () -> KeyStores.read(file, password));
        }
    }

    private void checkProfiles() {
        FingerprintSettings fingerprint;
        try {
            fingerprint = draft.fingerprint.build();
        } catch (IllegalArgumentException e) {
            // a rule has said so
            return;
        }
        boolean fixed = fingerprint.policy() == FingerprintSettings.Policy.FIXED;
        Settings.Setting folder = settings.get("fingerprint.folder");
        if (folder != null && problems.build(folder.origin(), "fingerprint.folder", fingerprint::catalogue) == null) {
            return;
        }
        settings.all().forEach((slot, setting) -> {
            if (slot.key().name().equals("fingerprint.shares.<profile>")) {
                problems.build(setting.origin(), slot.name(), () -> profile(fingerprint.catalogue(), slot.argument()));
            }
        });
        if (fixed) {
            at("fingerprint.profile", () -> profile(fingerprint.catalogue(), fingerprint.profile()));
        }
        Settings.Setting language = settings.get("headers.accept_language");
        if (language != null && language.value().equals(HeaderSettings.RANDOM)) {
            checkFamilies(fingerprint, language);
        }
    }

    private static BrowserProfile profile(ProfileCatalogue catalogue, String name) {
        try {
            return catalogue.find(name);
        } catch (UnknownProfileException e) {
            String message = String.valueOf(e.getMessage());
            // there are more than a hundred
            throw new IllegalArgumentException(
                    message.replaceFirst("; known: .*", ", must be one of those that `utls profiles` lists"), e);
        }
    }

    private void checkFamilies(FingerprintSettings fingerprint, Settings.Setting language) {
        long families;
        try {
            families = fingerprint.resolve().profiles().stream()
                    .map(AcceptLanguages::familyOf)
                    .distinct()
                    .count();
        } catch (IllegalArgumentException e) {
            // said where the profiles are named
            return;
        }
        if (families > 1) {
            problems.add(
                    language.origin(),
                    "headers.accept_language",
                    "is \"random\", must be \"profile\" where profiles of several browser families are shown");
        }
    }

    private void checkLimits() {
        settings.all().forEach((slot, setting) -> {
            if (slot.key().name().equals("limits.<hosts>.profile")) {
                problems.build(setting.origin(), slot.name(), () -> profile(catalogue(), (String) setting.value()));
            }
        });
        Settings.Setting first = null;
        for (var entry : settings.all().entrySet()) {
            if (entry.getKey().key().name().equals("limits.<hosts>.reserve")) {
                first = entry.getValue();
            }
        }
        if (first != null) {
            problems.build(first.origin(), "limits", () -> {
                int total = draft.pool.build().maxTotal();
                int sum = draft.hostLimits().reserves().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
                if (sum > total) {
                    throw new IllegalArgumentException("the reserves add up to " + sum
                            + ", must be at most pool.max_connections, which is " + total);
                }
                return true;
            });
        }
    }

    private ProfileCatalogue catalogue() {
        try {
            return draft.fingerprint.build().catalogue();
        } catch (IllegalArgumentException e) {
            // said where the folder is named
            return ProfileCatalogue.builtIn();
        }
    }

    private void checkAlerts() {
        Set<String> told = new HashSet<>();
        settings.all().forEach((slot, setting) -> {
            if (!slot.key().name().startsWith("alerts.rules.")) {
                return;
            }
            AlertDraft rule = draft.alert(slot.argument());
            String name = slot.name().substring(0, slot.name().lastIndexOf('.'));
            List<String> missing = rule.missing().stream()
                    .filter(key -> !problems.isAbout(name + "." + key + ":"))
                    .toList();
            if (rule.enabled && !missing.isEmpty() && told.add(name)) {
                problems.add(
                        setting.origin(),
                        name,
                        "has no " + String.join(", no ", missing) + ", must have metric, operator and threshold");
            }
            if (slot.key().shortName().equals("actions")
                    && rule.actions.contains(AlertRule.WEBHOOK)
                    && settings.get("alerts.webhook") == null) {
                problems.add(setting.origin(), slot.name(), "has \"webhook\", must come with alerts.webhook");
            }
        });
    }

    private void checkExits() {
        ExitSettings exits = draft.exits.build();
        Settings.Setting prefix = settings.get("source_addresses.prefix");
        Settings.Setting place = prefix != null ? prefix : settings.get("source_addresses.interface");
        if (place != null) {
            problems.build(
                    place.origin(),
                    prefix != null ? "source_addresses.prefix" : "source_addresses.interface",
                    () -> exits.exits(BanSettings.defaults(), HealthSettings.defaults()));
        }
    }
}
