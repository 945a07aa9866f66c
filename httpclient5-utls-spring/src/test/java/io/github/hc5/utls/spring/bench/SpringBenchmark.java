package io.github.hc5.utls.spring.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Requests per second of RestTemplate and WebClient on the starter against those on Boot's default HttpComponents clients:
 * two applications in one JVM, one server, rounds in turn. Arguments: rounds, seconds of each.
 */
public final class SpringBenchmark {

    private static final int WARM_UP_ROUNDS = 5;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private interface Get {
        String get();
    }

    private SpringBenchmark() {}

    /** Measures and prints a table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
        try (NginxServer server = NginxServer.start();
                ConfigurableApplicationContext ours = run(server, true);
                ConfigurableApplicationContext boots = run(server, false)) {
            String url = server.url();
            System.out.println("client        threads   starter/s      Boot/s   ratio (median of the rounds' ratios)");
            for (int threads : new int[] {1, 64}) {
                compare("RestTemplate", threads, rounds, seconds, template(ours, url), template(boots, url));
                compare("WebClient", threads, rounds, seconds, webClient(ours, url), webClient(boots, url));
            }
        }
        System.exit(0);
    }

    private static ConfigurableApplicationContext run(NginxServer server, boolean starter) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "httpclient5.utls.enabled=" + starter,
                        "spring.http.clients.imperative.factory=http-components",
                        "spring.http.clients.reactive.connector=http-components",
                        "spring.ssl.bundle.pem.bench.truststore.certificate="
                                + server.authority().toUri(),
                        "spring.http.clients.ssl.bundle=bench")
                .run();
    }

    private static Get template(ConfigurableApplicationContext context, String url) {
        RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
        return () -> String.valueOf(template.getForObject(url, String.class));
    }

    private static Get webClient(ConfigurableApplicationContext context, String url) {
        WebClient client = context.getBean(WebClient.Builder.class).build();
        return () -> String.valueOf(
                client.get().uri(url).retrieve().bodyToMono(String.class).block());
    }

    private static void compare(String name, int threads, int rounds, double seconds, Get ours, Get boots)
            throws Exception {
        // the compiler's turn: what runs more code than the other is slower for longer until it is compiled
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round(threads, seconds, ours);
            round(threads, seconds, boots);
        }
        List<Double> mine = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double a = round(threads, seconds, ours);
            double b = round(threads, seconds, boots);
            mine.add(a);
            theirs.add(b);
            ratios.add(a / b);
        }
        System.out.printf(
                Locale.ROOT,
                "%-13s %7d %11.0f %11.0f %7.2f%n",
                name,
                threads,
                median(mine),
                median(theirs),
                median(ratios));
    }

    private static double round(int threads, double seconds, Get get) throws Exception {
        LongAdder count = new LongAdder();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (System.nanoTime() < end) {
                        if (get.get().length() != 100) {
                            throw new IllegalStateException("not the body");
                        }
                        count.increment();
                    }
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a request failed", failures.get(0));
        }
        return count.sum() / ((System.nanoTime() - start) / 1e9);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
