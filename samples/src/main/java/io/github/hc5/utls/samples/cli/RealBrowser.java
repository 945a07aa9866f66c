package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server saw of a real browser on connections to a host name: captured, and not computed by this project.
 *
 * @param profile the name of the profile that stands for the browser
 * @param browser the browser that was captured
 * @param ja3nHash its JA3N as an MD5 in hexadecimal
 * @param ja4 its JA4
 * @param akamai its Akamai fingerprint
 */
record RealBrowser(String profile, String browser, String ja3nHash, String ja4, String akamai) {

    private static final String RESOURCE = "real-browsers.json";

    /** Returns the browsers of the demo. */
    static List<RealBrowser> all() {
        try (InputStream in = RealBrowser.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new FileNotFoundException(RESOURCE);
            }
            List<RealBrowser> browsers = new ArrayList<>();
            for (JsonNode each : new ObjectMapper().readTree(in)) {
                browsers.add(new RealBrowser(
                        each.required("profile").asText(),
                        each.required("browser").asText(),
                        each.required("ja3n_hash").asText(),
                        each.required("ja4").asText(),
                        each.required("akamai").asText()));
            }
            return browsers;
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + RESOURCE + " cannot be read", e);
        }
    }
}
