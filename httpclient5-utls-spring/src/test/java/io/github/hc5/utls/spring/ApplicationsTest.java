package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** Whole applications without any configuration in Java, against a server that tells what they look like. */
class ApplicationsTest {

    private static final String PROFILE = "firefox-153";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    interface Pages {
        @GetExchange("/page-of-interface")
        String page();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ImportHttpServices(group = "pages", types = Pages.class)
    static class InterfaceApplication {}

    private static Mirror mirror;

    @BeforeAll
    static void startMirror() throws Exception {
        mirror = Mirror.start();
    }

    @AfterAll
    static void stopMirror() throws Exception {
        mirror.close();
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("httpclient5.utls.fingerprint.profile=" + PROFILE);
        all.add("spring.main.banner-mode=off");
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties(mirror.properties(all.toArray(String[]::new)))
                .run();
    }

    @Test
    void restTemplateShowsTheBrowser() {
        try (ConfigurableApplicationContext context = run(Application.class)) {
            RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
            check(context, path -> template.getForObject(mirror.url(path), String.class));
        }
    }

    @Test
    void restClientShowsTheBrowser() {
        try (ConfigurableApplicationContext context = run(Application.class)) {
            RestClient client = context.getBean(RestClient.Builder.class).build();
            check(context, path -> client.get().uri(mirror.url(path)).retrieve().body(String.class));
        }
    }

    @Test
    void webClientShowsTheBrowserThoughReactorNettyIsThere() {
        try (ConfigurableApplicationContext context = run(Application.class)) {
            WebClient client = context.getBean(WebClient.Builder.class).build();
            check(
                    context,
                    path -> client.get()
                            .uri(mirror.url(path))
                            .retrieve()
                            .bodyToMono(String.class)
                            .block());
        }
    }

    @Test
    void httpInterfaceShowsTheBrowser() {
        try (ConfigurableApplicationContext context =
                run(InterfaceApplication.class, "spring.http.serviceclient.pages.base-url=" + mirror.url(""))) {
            Pages pages = context.getBean(Pages.class);
            check(context, path -> pages.page());
        }
    }

    @Test
    void aGroupOfInterfacesWithAPoolsNameIsOnThatPool() {
        try (ConfigurableApplicationContext context = run(
                InterfaceApplication.class,
                "spring.http.serviceclient.pages.base-url=" + mirror.url(""),
                "httpclient5.utls.pools.pages.fingerprint.profile=chrome-156")) {
            JsonNode seen = Mirror.seen(context.getBean(Pages.class).page());
            assertThat(seen.path("ja4").asText()).isEqualTo("t13d1517h2_8daaf6152771_cb7bf5808d99");
            UtlsPools pools = context.getBean(UtlsPools.class);
            assertThat(pools.get("pages").manager().snapshot().open()).isEqualTo(1);
            assertThat(pools.defaultPool().manager().snapshot().open()).isZero();
        }
    }

    private static void check(ConfigurableApplicationContext context, Function<String, String> get) {
        JsonNode first = Mirror.seen(get.apply("/first"));
        JsonNode second = Mirror.seen(get.apply("/second"));
        assertThat(first.path("ja4").asText()).isEqualTo("t13d1617h2_86a278354501_3cbfd9057e0d");
        assertThat(first.path("akamai").asText()).isEqualTo("1:65536;2:0;4:131072;5:16384|12517377|0|m,p,a,s");
        assertThat(names(first)).startsWith("user-agent", "accept", "accept-language", "accept-encoding");
        assertThat(value(first, "user-agent")).contains("Firefox/153.0").doesNotContain("Java");
        assertThat(value(first, "accept")).startsWith("text/html,");
        assertThat(second.path("connection_id").asInt())
                .as("the connection is reused")
                .isEqualTo(first.path("connection_id").asInt());
        assertThat(context.getBean(HotConnectionManager.class).snapshot().open())
                .isEqualTo(1);
    }

    private static List<String> names(JsonNode seen) {
        List<String> names = new ArrayList<>();
        seen.path("headers").forEach(field -> names.add(field.path(0).asText()));
        return names;
    }

    private static String value(JsonNode seen, String name) {
        for (JsonNode field : seen.path("headers")) {
            if (field.path(0).asText().equals(name)) {
                return field.path(1).asText();
            }
        }
        throw new AssertionError("no " + name + " in " + seen);
    }
}
