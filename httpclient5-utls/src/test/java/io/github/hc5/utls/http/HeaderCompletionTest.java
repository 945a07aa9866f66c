package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderCompletionTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");
    private static final BrowserProfile FIREFOX = BrowserProfiles.find("firefox-153");

    private static final ContradictionLog CONTRADICTIONS = new ContradictionLog(message -> {});

    private final HeaderCompletion chrome =
            new HeaderCompletion(CHROME.headers(), HeaderMode.PROFILE, null, CONTRADICTIONS);

    @Test
    void whatHttpClientAddsIsReplacedAndWhatTheApplicationSaysStays() throws Exception {
        HttpRequest request = get("https://a.test/");
        request.addHeader("X-Own", "1");
        request.addHeader("Accept", "text/plain");
        request.addHeader("User-Agent", "Apache-HttpAsyncClient/5.6.5 (Java/17.0.1)");
        request.addHeader("Accept-Encoding", "gzip, x-gzip, deflate");
        Completed completed = complete(chrome, request, RequestKind.NAVIGATION);
        assertThat(completed.values("user-agent"))
                .containsExactly(CHROME.headers().userAgent());
        assertThat(completed.values("accept-encoding")).containsExactly("gzip, deflate, br, zstd");
        assertThat(completed.values("accept")).containsExactly("text/plain");
        assertThat(completed.names().get(0)).isEqualTo("x-own");
        assertThat(completed.decodes()).isTrue();
    }

    @Test
    void fillKeepsWhatIsThere() throws Exception {
        HttpRequest request = get("https://a.test/");
        request.addHeader("User-Agent", "Apache-HttpAsyncClient/5.6.5 (Java/17.0.1)");
        request.addHeader("Accept-Encoding", "gzip, x-gzip, deflate");
        HeaderCompletion fill = new HeaderCompletion(CHROME.headers(), HeaderMode.FILL, null, CONTRADICTIONS);
        Completed completed = complete(fill, request, RequestKind.NAVIGATION);
        assertThat(completed.values("user-agent")).containsExactly("Apache-HttpAsyncClient/5.6.5 (Java/17.0.1)");
        assertThat(completed.values("accept-encoding")).containsExactly("gzip, x-gzip, deflate");
        assertThat(completed.values("sec-fetch-mode")).containsExactly("navigate");
        assertThat(completed.decodes()).isFalse();
    }

    @Test
    void acceptLanguageMayBeDrawn() throws Exception {
        HeaderCompletion drawn =
                new HeaderCompletion(CHROME.headers(), HeaderMode.PROFILE, "de-DE,de;q=0.9", CONTRADICTIONS);
        assertThat(complete(drawn, get("https://a.test/"), RequestKind.NAVIGATION)
                        .values("accept-language"))
                .containsExactly("de-DE,de;q=0.9");
    }

    @Test
    void severalHeadersOfOneNameKeepTheirPlaceTogether() throws Exception {
        HttpRequest request = get("https://a.test/");
        request.addHeader("Cookie", "a=1");
        request.addHeader("X-Own", "1");
        request.addHeader("cookie", "b=2");
        request.addHeader("X-OWN", "2");
        Completed completed = complete(chrome, request, RequestKind.NAVIGATION);
        assertThat(completed.values("cookie")).containsExactly("a=1", "b=2");
        assertThat(completed.values("x-own")).containsExactly("1", "2");
        List<String> names = completed.names();
        assertThat(names.lastIndexOf("cookie") - names.indexOf("cookie")).isEqualTo(1);
    }

    @Test
    void headersOfHttp1ConnectionsDoNotReachHttp2() throws Exception {
        HttpRequest request = get("https://a.test/");
        for (String name : List.of("Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade")) {
            request.addHeader(name, "x");
        }
        request.addHeader("TE", "gzip");
        assertThat(complete(chrome, request, RequestKind.NAVIGATION).names())
                .doesNotContain("host", "connection", "keep-alive", "transfer-encoding", "upgrade", "te");
    }

    @Test
    void http1HasTheBrowsersLetterCase() throws Exception {
        List<String> names = new ArrayList<>();
        chrome.complete(get("https://a.test/"), null, RequestKind.NAVIGATION, false, (name, value) -> names.add(name));
        assertThat(names)
                .containsExactly(
                        "Connection",
                        "sec-ch-ua",
                        "sec-ch-ua-mobile",
                        "sec-ch-ua-platform",
                        "Upgrade-Insecure-Requests",
                        "User-Agent",
                        "Accept",
                        "Sec-Fetch-Site",
                        "Sec-Fetch-Mode",
                        "Sec-Fetch-User",
                        "Sec-Fetch-Dest",
                        "Accept-Encoding",
                        "Accept-Language");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.test/x, same-origin",
        "https://a.test:443/x, same-origin",
        "https://a.test:8443/x, same-site",
        "https://b.a.test/x, same-site",
        "http://a.test/x, cross-site",
        "https://c.other/x, cross-site",
    })
    void refererDecidesTheSite(String referer, String site) throws Exception {
        HttpRequest request = get("https://a.test/");
        request.addHeader("Referer", referer);
        RequestKind kind = RequestKindRule.of(request, HttpCoreContext.create());
        assertThat(kind).isEqualTo(RequestKind.LINK_NAVIGATION);
        assertThat(complete(chrome, request, kind).values("sec-fetch-site")).containsExactly(site);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.co.uk/, https://b.co.uk/, cross-site",
        "https://www.a.co.uk/, https://img.a.co.uk/, same-site",
        "https://10.0.0.1/, https://10.0.0.2/, cross-site",
        "https://[::1]/, https://[::1]:444/, same-site",
        "https://localhost/, https://localhost:1/, same-site",
        "https://a.example.com/, https://b.example.com/, same-site",
        "https://one.github.io/, https://two.github.io/, cross-site",
        "https://a.one.github.io/, https://b.one.github.io/, same-site",
        "https://a.nom.br/, https://b.nom.br/, cross-site",
        "https://www.city.kawasaki.jp/, https://a.city.kawasaki.jp/, same-site",
        "https://x.one.kawasaki.jp/, https://x.two.kawasaki.jp/, cross-site",
        "https://a.xn--55qx5d.cn/, https://b.xn--55qx5d.cn/, cross-site",
        "http://a.example.com/, https://a.example.com/, cross-site",
    })
    void sitesAreToldApart(String target, String initiator, String site) {
        RequestOrigin to = RequestOrigin.of(target);
        RequestOrigin from = RequestOrigin.of(initiator);
        assertThat(to).isNotNull();
        assertThat(from).isNotNull();
        assertThat(to.siteOf(from)).isEqualTo(site);
    }

    /** A connection's requests are made from what the one before was; each must still say its own. */
    @Test
    void whatIsRememberedOfARequestIsNotSaidOfAnother() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (String host : List.of("a.test", "b.test")) {
                for (RequestKind kind : List.of(RequestKind.FETCH, RequestKind.IMAGE, RequestKind.NAVIGATION)) {
                    String root = "https://" + host;
                    Completed get = complete(chrome, get(root + "/x"), kind);
                    boolean typed = kind == RequestKind.NAVIGATION;
                    assertThat(get.values("referer")).isEqualTo(typed ? List.of() : List.of(root + "/"));
                    assertThat(get.values("origin")).isEmpty();
                    HttpRequest post = new BasicHttpRequest("POST", URI.create(root + "/x"));
                    assertThat(complete(chrome, post, kind).values("origin"))
                            .isEqualTo(typed ? List.of() : List.of(root));
                    HttpRequest told = get(root + "/x");
                    told.addHeader("Referer", "https://c.test/");
                    assertThat(complete(chrome, told, kind).values("sec-fetch-site"))
                            .containsExactly("cross-site");
                }
            }
        }
    }

    @Test
    void aUserAgentOfItsOwnIsToldOnceForEachHost() throws Exception {
        List<String> log = new ArrayList<>();
        HeaderCompletion completion =
                new HeaderCompletion(CHROME.headers(), HeaderMode.PROFILE, null, new ContradictionLog(log::add));
        for (int i = 0; i < 3; i++) {
            for (String host : List.of("a.test", "b.test")) {
                HttpRequest request = get("https://" + host + "/" + i);
                request.addHeader("User-Agent", "curl/8");
                assertThat(complete(completion, request, RequestKind.NAVIGATION).values("user-agent"))
                        .containsExactly("curl/8");
                HttpRequest plain = get("https://c.test/");
                plain.addHeader("User-Agent", "Apache-HttpAsyncClient/5.6.5 (Java/17.0.1)");
                complete(completion, plain, RequestKind.NAVIGATION);
            }
        }
        assertThat(log).hasSize(2);
        assertThat(log.get(0)).contains("a.test", "'curl/8'", CHROME.headers().userAgent());
        assertThat(log.get(1)).contains("b.test");
    }

    @Test
    void theLogOfContradictionsIsBounded() {
        List<String> log = new ArrayList<>();
        ContradictionLog contradictions = new ContradictionLog(log::add);
        for (int i = 0; i < 2 * ContradictionLog.MAX; i++) {
            contradictions.tell("host" + i, "curl/8", "Mozilla/5.0");
        }
        assertThat(log).hasSize(ContradictionLog.MAX);
    }

    @Test
    void scriptsRequestsComeFromADocument() throws Exception {
        for (BrowserProfile profile : List.of(CHROME, FIREFOX)) {
            HeaderCompletion completion =
                    new HeaderCompletion(profile.headers(), HeaderMode.PROFILE, null, CONTRADICTIONS);
            Completed completed = complete(completion, get("https://a.test:8443/api"), RequestKind.FETCH);
            assertThat(completed.values("referer")).containsExactly("https://a.test:8443/");
            assertThat(completed.values("sec-fetch-site")).containsExactly("same-origin");
            assertThat(completed.values("origin")).isEmpty();
        }
    }

    @Test
    void requestAcrossOriginsNamesItsOrigin() throws Exception {
        HttpRequest request = get("https://api.a.test/");
        request.addHeader("Referer", "https://www.a.test/page");
        Completed completed = complete(chrome, request, RequestKind.FETCH);
        assertThat(completed.values("origin")).containsExactly("https://www.a.test");
        assertThat(completed.values("sec-fetch-site")).containsExactly("same-site");
    }

    @Test
    void givenSiteIsNotContradictedByARefererOfOurs() throws Exception {
        HttpRequest request = get("https://a.test/");
        request.addHeader("Sec-Fetch-Site", "cross-site");
        Completed completed = complete(chrome, request, RequestKind.IMAGE);
        assertThat(completed.values("sec-fetch-site")).containsExactly("cross-site");
        assertThat(completed.values("referer")).isEmpty();
    }

    @Test
    void insecureTargetsLearnLess() throws Exception {
        Completed completed = complete(chrome, get("http://a.test/"), RequestKind.NAVIGATION);
        assertThat(completed.names())
                .doesNotContain(
                        "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-site", "sec-fetch-mode");
        assertThat(completed.values("accept-encoding")).containsExactly("gzip, deflate");
        assertThat(complete(chrome, get("http://127.0.0.1/"), RequestKind.NAVIGATION)
                        .names())
                .contains("sec-ch-ua", "sec-fetch-site");
    }

    @Test
    void bodiesHaveTheirLengthAndOrigin() throws Exception {
        HttpRequest post = new BasicHttpRequest("POST", URI.create("https://a.test/form"));
        Completed completed = new Completed();
        chrome.complete(
                post,
                new BasicEntityDetails(3, ContentType.APPLICATION_FORM_URLENCODED),
                RequestKind.FORM_POST,
                true,
                completed);
        assertThat(completed.values("content-length")).containsExactly("3");
        assertThat(completed.values("origin")).containsExactly("https://a.test");
        assertThat(completed.values("content-type")).containsExactly("application/x-www-form-urlencoded");
        assertThat(complete(chrome, post, RequestKind.FETCH).values("content-length"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, , , NAVIGATION",
        "HEAD, , , NAVIGATION",
        "GET, Sec-Fetch-Dest, image, IMAGE",
        "GET, Sec-Fetch-Dest, style, STYLE",
        "GET, Sec-Fetch-Dest, script, SCRIPT",
        "GET, Sec-Fetch-Dest, iframe, IFRAME",
        "GET, Sec-Fetch-Dest, empty, FETCH",
        "GET, Sec-Fetch-Dest, document, NAVIGATION",
        "POST, Sec-Fetch-Dest, document, FORM_POST",
        "GET, X-Requested-With, XMLHttpRequest, XHR",
        "POST, Content-Type, application/json, FETCH",
        "POST, Content-Type, multipart/form-data; boundary=x, FORM_POST",
        "PUT, , , FETCH",
        "GET, Referer, https://a.test/, LINK_NAVIGATION",
    })
    void kindIsFoundFromTheRequest(
            String method, @Nullable String header, @Nullable String value, RequestKind expected) {
        HttpRequest request = new BasicHttpRequest(method, URI.create("https://a.test/"));
        if (header != null) {
            request.addHeader(header, value);
        }
        assertThat(RequestKindRule.of(request, HttpCoreContext.create())).isEqualTo(expected);
    }

    @Test
    void contextDecidesTheKind() {
        HttpCoreContext context = HttpCoreContext.create();
        context.setAttribute(ExchangeAttributes.REQUEST_KIND, RequestKind.FAVICON);
        assertThat(RequestKindRule.of(get("https://a.test/"), context)).isEqualTo(RequestKind.FAVICON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\u007Fb", "a\u0100b", "\u001F"})
    void forbiddenValueIsRefusedNamingTheHeader(String value) {
        HttpRequest request = get("https://a.test/");
        request.addHeader("X-Injected", value);
        assertThatThrownBy(() -> complete(chrome, request, RequestKind.NAVIGATION))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("'X-Injected'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X Y", "X:Y", "X\r\nY", "", ":path", "\u00e9"})
    void forbiddenNameIsRefused(String name) {
        HttpRequest request = get("https://a.test/");
        request.addHeader(name, "value");
        assertThatThrownBy(() -> complete(chrome, request, RequestKind.NAVIGATION))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("header name '");
    }

    private static HttpRequest get(String url) {
        return new BasicHttpRequest("GET", URI.create(url));
    }

    private static Completed complete(HeaderCompletion completion, HttpRequest request, RequestKind kind)
            throws ProtocolException {
        Completed completed = new Completed();
        completed.decodes = completion.complete(request, null, kind, true, completed);
        return completed;
    }

    private static final class Completed implements HeaderSink {
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();
        private boolean decodes;

        @Override
        public void add(String name, String value) {
            headers.add(Map.entry(name, value));
        }

        boolean decodes() {
            return decodes;
        }

        List<String> names() {
            return headers.stream().map(Map.Entry::getKey).collect(Collectors.toList());
        }

        List<String> values(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equals(name))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.toList());
        }
    }
}
