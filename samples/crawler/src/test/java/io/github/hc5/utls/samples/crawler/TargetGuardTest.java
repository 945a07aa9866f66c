package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {

    @ParameterizedTest
    @CsvSource({
        "www.example.com,      www.example.com,   443, true",
        "www.example.com,      WWW.Example.COM.,   80, true",
        "www.example.com,      www.example.com,  8080, false",
        "www.example.com,      example.com,       443, false",
        "www.example.com:8080, www.example.com,  8080, true",
        "www.example.com:8080, www.example.com,   443, false",
        "www.example.com:*,    www.example.com,     1, true",
        "*.example.com,        a.b.example.com,   443, true",
        "*.example.com,        example.com,       443, false",
        "*.example.com,        badexample.com,    443, false",
        "*.example.com,        .example.com,      443, false",
        "*,                    anything.test,     443, true",
        "*,                    anything.test,    6379, false",
        "[::1]:*,              [::1],            6379, true",
    })
    void aPatternMatchesWhatItSays(String pattern, String host, int port, boolean matches) {
        assertThat(TargetPattern.parse(pattern).matches(host, port)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://a.example", "a.example:0", "a.example:65536", "a.*.example", "a b", "a:b"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> TargetPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("crawler.targets.allow")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void anEmptyListAllowsNothingAndSaysSo() {
        TargetGuard guard = new TargetGuard(new CrawlerSettings.Targets(List.of(), List.of()));
        assertThatThrownBy(() -> guard.check("https", "www.example.com", -1)).hasMessageContaining("is empty");
    }

    @Test
    void onlyPublicAddressesMayBeDialledUnlessOthersAreNamed() throws Exception {
        TargetGuard open = new TargetGuard(new CrawlerSettings.Targets(List.of("*"), List.of()));
        for (String address : List.of(
                "127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "::1", "fd00::1", "::ffff:10.0.0.1")) {
            assertThat(open.addresses().permits(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
        assertThat(open.addresses().permits(InetAddress.getByName("1.1.1.1"))).isTrue();
        TargetGuard own = new TargetGuard(new CrawlerSettings.Targets(List.of("*"), List.of("10.0.0.0/8")));
        assertThat(own.addresses().permits(InetAddress.getByName("10.1.2.3"))).isTrue();
        assertThat(own.addresses().permits(InetAddress.getByName("1.1.1.1"))).isFalse();
    }

    /** A name on the list that leads to a private address (DNS rebinding) reaches nothing. */
    @Test
    void anAllowedNameReachesNoPrivateAddress() throws Exception {
        try (TargetServer inside = new TargetServer();
                Service service = Service.start("crawler.targets.addresses=")) {
            assertThat(service.fetch(inside.url("/secret"))
                            .get(0)
                            .get("error")
                            .get("type")
                            .stringValue())
                    .isEqualTo(ProblemException.TYPES + "address-refused");
            assertThat(inside.asked).isEmpty();
        }
    }
}
