package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * An application whose class path really lacks every library that is optional, in a class loader of its own: a condition
 * that is checked too late, or a type that is named where it is loaded for nothing, shows itself only so.
 */
class AbsentLibrariesTest {

    private static final Pattern OPTIONAL =
            Pattern.compile(".*/(redisson|micrometer-(core|jakarta9|registry)|httpclient5-cache|spring-boot-("
                    + "restclient|webclient|actuator|health|micrometer|mail|webmvc|tomcat|jackson|servlet|web-server|http-codec"
                    + "|http-converter)|spring-(webmvc|webflux|context-support)|reactor-|jakarta\\.mail|angus|greenmail|HdrHistogram"
                    + "|LatencyUtils|tomcat-embed)[^/]*\\.jar");

    /** Run in the other class loader. */
    public static final class Bare implements Runnable {
        @Configuration(proxyBeanMethods = false)
        @EnableAutoConfiguration
        static class Application {}

        @Override
        public void run() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .properties("spring.main.banner-mode=off", "httpclient5.utls.pools.slow.pool.max-connections=4")
                    .run()) {
                UtlsPools pools = context.getBean(UtlsPools.class);
                check(pools.get("slow").manager().getMaxTotal() == 4);
                check(
                        context.getBean(ClientHttpRequestFactoryBuilder.class)
                                instanceof UtlsClientHttpRequestFactoryBuilder);
                // Spring's own client, without Boot's module for it
                check(RestClient.builder()
                                .requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class)
                                        .build())
                                .build()
                        != null);
                check(!context.containsBean("hotpoolHealthContributor"));
                check(!context.containsBean("utlsPoolMeters"));
                check(!context.containsBean("utlsMailAlerts"));
                check(!context.containsBean("utlsClientHttpConnectorBuilder"));
            }
        }

        private static void check(boolean right) {
            if (!right) {
                throw new IllegalStateException("not so");
            }
        }
    }

    @Test
    void anApplicationStartsWithoutAnythingOptional() throws Exception {
        List<URL> left = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (OPTIONAL.matcher(entry).matches()) {
                gone.add(entry);
            } else {
                left.add(new File(entry).toURI().toURL());
            }
        }
        for (String library : new String[] {
            "micrometer-core",
            "spring-boot-health",
            "spring-boot-actuator-",
            "spring-webflux",
            "reactor-core",
            "spring-context-support",
            "spring-boot-restclient",
            "spring-boot-webclient"
        }) {
            assertThat(gone).anyMatch(entry -> entry.contains(library));
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(left.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Runnable bare = (Runnable) loader.loadClass(Bare.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            bare.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
