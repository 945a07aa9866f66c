package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The dashboard in a real Chromium; pictures are kept in {@code target/screenshots}. */
@Timeout(120)
class DashboardTest {

    private static final String ROWS = "[...document.querySelectorAll('.address')]";
    private static final String SITE_ROW = ROWS + ".find(row => row.dataset.ip === '127.0.0.1')";

    @TempDir
    private static Path directory;

    private static MirrorServer mirror;
    private static TargetServer site;
    private static Service service;
    private static int deadPort;

    @BeforeAll
    static void start() throws Exception {
        mirror = MirrorServer.start(MirrorSettings.defaults());
        Path ca = directory.resolve("ca.pem");
        mirror.writeCa(ca);
        site = new TargetServer();
        try (ServerSocket dead = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = dead.getLocalPort();
        }
        service = Service.start(
                "spring.ssl.bundle.pem.mirror.truststore.certificate=" + ca.toUri(),
                "spring.http.clients.ssl.bundle=mirror");
    }

    @AfterAll
    static void stop() {
        service.close();
        site.close();
        mirror.close();
    }

    private static void fetchALittle() throws Exception {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            urls.add(site.url("/page/" + i));
            urls.add(mirror.url() + i);
            if (i < 8) {
                urls.add("http://127.0.0.1:" + deadPort + "/" + i);
            }
        }
        List<JsonNode> lines = service.fetch(urls.toArray(String[]::new));
        assertThat(lines).hasSize(88);
        assertThat(lines.get(1).get("profile").stringValue()).isEqualTo("chrome-156");
    }

    @Test
    void showsLiveDataBansAndLifts() throws Exception {
        try (Chromium chromium = new Chromium()) {
            chromium.show(1280, 900, false);
            chromium.open(service.uri("/").toString());
            chromium.await("document.getElementById('link').textContent === 'Live'");
            assertThat(chromium.evaluate("document.getElementById('bans-empty').hidden")
                            .booleanValue())
                    .isFalse();

            fetchALittle();
            chromium.await("[...document.querySelectorAll('.host-name')].some(e => e.textContent.endsWith(':"
                    + mirror.port() + "'))");
            chromium.await("document.querySelector('#profiles .mono')?.textContent === 'chrome-156'");
            chromium.await("document.querySelectorAll('#conns tr').length > 0");
            chromium.await("Number(document.getElementById('t-conns').textContent) > 0");
            chromium.await(
                    "[...document.querySelectorAll('.host .pill[data-tone=bad]')].some(e => e.textContent === 'Failed')");
            chromium.await("document.querySelector('#chart-rate path.line.a').getAttribute('d').length > 0");
            fetchALittle();
            chromium.await("document.getElementById('t-p95').textContent !== '-'");
            pictures(chromium, "dashboard");

            // by mouse, through the question
            chromium.click(SITE_ROW + ".querySelector('button')");
            chromium.await("document.getElementById('confirm').open");
            chromium.screenshot("confirm-light", false);
            chromium.click("document.getElementById('confirm-ban')");
            chromium.await(SITE_ROW + "?.querySelector('.pill').textContent === 'Banned'");
            chromium.await("document.querySelector('#bans .mono')?.textContent === '127.0.0.1'");
            assertThat(service.context
                            .getBean(HotConnectionManager.class)
                            .addresses()
                            .bans())
                    .hasSize(1);
            chromium.show(360, 740, true);
            chromium.screenshot("banned-360-dark", true);
            assertFits(chromium, 360);
            chromium.show(1280, 900, false);

            // by keyboard
            chromium.evaluate("document.querySelector('#bans button').focus()");
            chromium.key("Enter", "\r");
            chromium.await("document.querySelectorAll('#bans li').length === 0");
            chromium.await("document.getElementById('said').textContent === 'The ban of 127.0.0.1 is lifted.'");
            chromium.await(SITE_ROW + ".querySelector('.pill').textContent === 'Well'");

            // by the form, and what is no address is said so, as text
            chromium.click("document.getElementById('ban-address')");
            chromium.type("<img src=x>");
            chromium.key("Enter", "\r");
            chromium.await("document.getElementById('ban-error').textContent.includes('<img src=x>')");
            assertThat(chromium.evaluate("document.querySelectorAll('img').length")
                            .intValue())
                    .isEqualTo(1);
            chromium.screenshot("form-error-light", false);
            // the answer 400 to the wrong address is in the console, and nothing else
            assertThat(chromium.complaints).hasSize(1).allMatch(text -> text.contains("status of 400"));
        }
    }

    private static void pictures(Chromium chromium, String name) throws Exception {
        for (int width : new int[] {1280, 360}) {
            for (boolean dark : new boolean[] {false, true}) {
                chromium.show(width, width == 360 ? 740 : 900, dark);
                chromium.screenshot(name + "-" + width + (dark ? "-dark" : "-light"), true);
            }
            assertFits(chromium, width);
        }
        chromium.show(1280, 900, false);
    }

    /** Nothing is wider than the window, but what scrolls by itself and what is hidden from sight. */
    private static void assertFits(Chromium chromium, int width) throws Exception {
        assertThat(chromium.evaluate("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(width);
        JsonNode wide =
                chromium.evaluate("[...document.querySelectorAll('body *')].filter(e => !e.closest('.visually-hidden,"
                        + " thead, svg, [hidden]') && (innerWidth <= 640 || !e.closest('.scroll'))"
                        + " && e.getBoundingClientRect().right > " + width
                        + " + 0.5).map(e => e.outerHTML.slice(0, 100))");
        assertThat(wide.toString()).isEqualTo("[]");
    }

    @Test
    void asksForTheTokenAndSaysWhenTheServiceIsGone() throws Exception {
        try (Service guarded = Service.start("crawler.token=a-long-enough-token");
                Chromium chromium = new Chromium()) {
            chromium.show(360, 740, false);
            chromium.open(guarded.uri("/").toString());
            chromium.await("!document.getElementById('sign-in').hidden");
            assertThat(chromium.evaluate("document.activeElement.id").stringValue())
                    .isEqualTo("token");
            assertFits(chromium, 360);
            chromium.screenshot("sign-in-360-light", true);
            chromium.type("not the right one");
            chromium.key("Enter", "\r");
            chromium.await("document.getElementById('notice').textContent.includes('not the service')");
            chromium.type("a-long-enough-token");
            chromium.key("Enter", "\r");
            chromium.await("document.getElementById('link').textContent === 'Live'");
            assertThat(chromium.evaluate("document.getElementById('hosts-empty').hidden")
                            .booleanValue())
                    .isFalse();
            chromium.show(1280, 900, false);
            chromium.screenshot("empty-1280-light", true);
            // two answers 401 are in the console, and nothing else
            assertThat(chromium.complaints).hasSize(2).allMatch(text -> text.contains("status of 401"));
            guarded.context.close();
            chromium.await("document.getElementById('link').textContent === 'Disconnected'");
            assertThat(chromium.evaluate("document.getElementById('notice').innerText")
                            .stringValue())
                    .contains("Trying again");
            chromium.screenshot("disconnected-1280-light", true);
        }
    }
}
