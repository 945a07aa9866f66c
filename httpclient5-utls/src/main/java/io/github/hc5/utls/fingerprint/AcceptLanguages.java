package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Draws values of Accept-Language (RFC 9110 section 12.5.4) as users of one browser family have them: a first language,
 * and those that its speakers set beside it, neighbouring languages and an English. Which languages go together, and how
 * often, is a list written for this project in November 2026 from the languages spoken in each country and its
 * neighbours; it is no statistics of what browsers send, and each first language is as likely as any other. How a
 * family writes a list is that family's own way, and is not estimated.
 *
 * <p>Each family writes a list of languages in its own way. Chromium and Safari lower q by 0.1 from tag to tag, down to 0.1;
 * Chromium puts a language without its region behind the last of its regions. Firefox up to 146 divides the range from 1
 * by the number of tags (0.5; 0.7, 0.3; 0.8, 0.5, 0.3), later ones lower q as Chromium does.
 *
 * <p>Values repeat rarely: the last 4,096 are not drawn again as long as others are found. Safe for use by
 * several threads.
 */
public final class AcceptLanguages implements Supplier<String> {

    /** How a browser family writes its languages. */
    public enum Family {
        CHROMIUM,
        FIREFOX,
        /** Firefox up to 146. */
        FIREFOX_OLD,
        SAFARI
    }

    private static final int REMEMBERED = 4096;
    private static final int TRIES = 16;
    private static final int MAX_TAGS = 9;

    /** A first language, a bar, and the languages of its neighbourhood. */
    private static final List<String> NEIGHBOURS = List.of(
            "en-US|es-US fr-CA es-MX zh-CN de-DE ko-KR vi-VN pt-BR ru-RU ja-JP it-IT",
            "en-GB|fr-FR de-DE es-ES it-IT pl-PL cy-GB pt-PT ro-RO hi-IN nl-NL",
            "en-CA|fr-CA zh-CN es-ES pa-IN de-DE it-IT ru-RU",
            "en-AU|zh-CN it-IT el-GR vi-VN de-DE fr-FR ja-JP",
            "en-IE|ga-IE pl-PL fr-FR es-ES de-DE",
            "en-IN|hi-IN ta-IN te-IN bn-IN mr-IN gu-IN kn-IN ml-IN",
            "de-DE|fr-FR tr-TR ru-RU pl-PL it-IT es-ES nl-NL ar-EG da-DK",
            "de-AT|hr-HR hu-HU tr-TR it-IT sr-RS fr-FR sl-SI",
            "de-CH|fr-CH it-CH pt-PT sq-AL es-ES",
            "fr-FR|de-DE es-ES it-IT pt-PT ar-MA nl-NL",
            "fr-CA|es-ES ar-MA it-IT de-DE",
            "fr-BE|nl-BE de-DE it-IT es-ES ar-MA",
            "nl-NL|de-DE fr-FR tr-TR es-ES pl-PL fy-NL",
            "nl-BE|fr-BE de-DE it-IT es-ES",
            "es-ES|ca-ES gl-ES eu-ES fr-FR pt-PT de-DE it-IT ro-RO",
            "es-MX|fr-FR pt-BR de-DE ja-JP",
            "es-AR|pt-BR it-IT fr-FR de-DE",
            "es-CO|pt-BR fr-FR de-DE",
            "pt-BR|es-ES it-IT fr-FR de-DE ja-JP",
            "pt-PT|es-ES fr-FR de-DE pt-BR",
            "it-IT|fr-FR de-DE es-ES ro-RO sq-AL",
            "pl-PL|de-DE ru-RU uk-UA fr-FR cs-CZ",
            "cs-CZ|sk-SK de-DE pl-PL ru-RU uk-UA",
            "sk-SK|cs-CZ hu-HU de-DE pl-PL",
            "hu-HU|de-DE ro-RO sk-SK fr-FR",
            "ro-RO|fr-FR hu-HU it-IT de-DE es-ES",
            "bg-BG|ru-RU de-DE tr-TR fr-FR",
            "el-GR|de-DE fr-FR it-IT bg-BG",
            "tr-TR|de-DE ar-SA ru-RU fr-FR az-AZ",
            "ru-RU|uk-UA de-DE kk-KZ tt-RU fr-FR",
            "uk-UA|ru-RU pl-PL de-DE fr-FR",
            "sv-SE|fi-FI nb-NO da-DK de-DE ar-SA es-ES",
            "da-DK|sv-SE nb-NO de-DE fr-FR",
            "nb-NO|nn-NO sv-SE da-DK de-DE pl-PL",
            "fi-FI|sv-FI ru-RU et-EE de-DE",
            "hr-HR|sr-RS de-DE it-IT sl-SI bs-BA",
            "sr-RS|hr-HR de-DE ru-RU hu-HU",
            "he-IL|ru-RU ar-IL fr-FR am-ET",
            "ar-SA|fr-FR ur-PK hi-IN tr-TR",
            "ar-EG|fr-FR de-DE it-IT",
            "hi-IN|mr-IN gu-IN bn-IN ta-IN pa-IN",
            "id-ID|ms-MY zh-CN ja-JP ar-SA nl-NL",
            "ms-MY|zh-CN ta-IN id-ID",
            "th-TH|zh-CN ja-JP ko-KR",
            "vi-VN|zh-CN ja-JP ko-KR fr-FR",
            "zh-CN|zh-TW ja-JP ko-KR ug-CN fr-FR",
            "zh-TW|zh-CN ja-JP ko-KR vi-VN",
            "zh-HK|zh-TW zh-CN ja-JP",
            "ja-JP|zh-CN ko-KR pt-BR fr-FR",
            "ko-KR|ja-JP zh-CN vi-VN ru-RU");

    private static final List<String> ENGLISH =
            List.of("en-US", "en-GB", "en-CA", "en-AU", "en-IE", "en-NZ", "en-ZA", "en-SG");

    private final Family family;

    /** Guarded by this. */
    private final Random random;

    /** The last values in the order of their drawing. Guarded by this. */
    private final Set<String> recent = new LinkedHashSet<>();

    private AcceptLanguages(Family family, Random random) {
        this.family = family;
        this.random = random;
    }

    /** Draws for one browser family, anew in each process. */
    public static AcceptLanguages of(Family family) {
        return new AcceptLanguages(family, new Random());
    }

    /** Draws for one browser family: the same values in the same order for the same seed. */
    public static AcceptLanguages seeded(Family family, long seed) {
        return new AcceptLanguages(family, new Random(seed));
    }

    /** Returns the family of a profile, by its name; that of Chromium where the name says nothing else. */
    public static Family familyOf(BrowserProfile profile) {
        String name = profile.name();
        if (name.startsWith("safari")) {
            return Family.SAFARI;
        }
        if (name.startsWith("firefox") || name.startsWith("tor")) {
            boolean old = profile.headers().slots(RequestKind.NAVIGATION).stream()
                    .anyMatch(slot -> slot instanceof HeaderSlot.Default header
                            && header.name().equalsIgnoreCase("accept-language")
                            && header.value().contains(";q=0.5"));
            return old ? Family.FIREFOX_OLD : Family.FIREFOX;
        }
        return Family.CHROMIUM;
    }

    /** Draws a value. */
    @Override
    public synchronized String get() {
        String drawn = draw();
        for (int i = 0; i < TRIES && recent.contains(drawn); i++) {
            drawn = draw();
        }
        recent.remove(drawn);
        recent.add(drawn);
        if (recent.size() > REMEMBERED) {
            recent.remove(recent.iterator().next());
        }
        return drawn;
    }

    /** Returns the value of a key, always the same one: those who belong together speak the same languages. */
    public String of(String key) {
        return draw(new Random(ProfileShares.hash(key, 0)));
    }

    private String draw() {
        return draw(random);
    }

    private String draw(Random random) {
        String[] row = NEIGHBOURS.get(random.nextInt(NEIGHBOURS.size())).split("[|]", 2);
        List<String> others = new ArrayList<>(List.of(row[1].split(" ", -1)));
        Collections.shuffle(others, random);
        List<String> languages = new ArrayList<>();
        languages.add(row[0]);
        languages.addAll(others.subList(0, Math.min(others.size(), random.nextInt(4))));
        if (!row[0].startsWith("en-")) {
            // English comes second with most, and last with some.
            String english = ENGLISH.get(random.nextInt(ENGLISH.size()));
            languages.add(random.nextInt(3) > 0 ? 1 : languages.size(), english);
        } else if (random.nextBoolean()) {
            String english = ENGLISH.get(random.nextInt(ENGLISH.size()));
            if (!english.equals(row[0])) {
                languages.add(1, english);
            }
        }
        return written(expanded(languages));
    }

    /** Adds languages without regions behind the last of their regions. */
    private static List<String> expanded(List<String> languages) {
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < languages.size(); i++) {
            String tag = languages.get(i);
            String language = tag.substring(0, tag.indexOf('-') + 1);
            tags.add(tag);
            if (languages.subList(i + 1, languages.size()).stream().noneMatch(next -> next.startsWith(language))) {
                tags.add(language.substring(0, language.length() - 1));
            }
        }
        return tags.subList(0, Math.min(tags.size(), MAX_TAGS));
    }

    private String written(List<String> tags) {
        StringBuilder value = new StringBuilder(tags.get(0));
        for (int i = 1; i < tags.size(); i++) {
            value.append(',').append(tags.get(i)).append(";q=").append(quality(i, tags.size()));
        }
        return value.toString();
    }

    /** In tenths, as all families round them; more than nine steps of Firefox would need hundredths. */
    private String quality(int index, int count) {
        if (family == Family.FIREFOX_OLD) {
            double step = (double) (count - index) / count;
            return String.format(Locale.ROOT, "%.1f", Math.max(0.1, step));
        }
        return "0." + Math.max(1, 10 - index);
    }
}
