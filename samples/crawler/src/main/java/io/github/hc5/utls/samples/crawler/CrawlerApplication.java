package io.github.hc5.utls.samples.crawler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The crawler service: {@code java -jar utls-crawler-VERSION-app.jar}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CrawlerApplication {

    /**
     * Starts the service.
     *
     * @param args properties as Spring Boot takes them, {@code --server.port=8080} for one
     */
    public static void main(String... args) {
        SpringApplication.run(CrawlerApplication.class, args);
    }
}
