package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Bans an address for every host, and lifts bans and ejections. */
@RestController
final class BanController {

    private static final Logger LOG = LoggerFactory.getLogger(BanController.class);
    private static final long MAX_SECONDS = Duration.ofDays(7).toSeconds();

    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private final HotConnectionManager manager;

    BanController(HotConnectionManager manager) {
        this.manager = manager;
    }

    /**
     * An order to ban.
     *
     * @param address an IP address, not a name
     * @param seconds how long; 1 to 604800
     */
    record BanOrder(@Nullable String address, @Nullable Long seconds) {}

    @PostMapping(path = "/api/bans", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void ban(@RequestBody BanOrder order) {
        InetAddress address = address(order.address());
        Long seconds = order.seconds();
        if (seconds == null || seconds < 1 || seconds > MAX_SECONDS) {
            throw invalid("seconds is " + seconds + ", allowed is 1 to " + MAX_SECONDS + ".");
        }
        manager.addresses().ban(address, Duration.ofSeconds(seconds));
        LOG.info("{} is banned for {} s by an operator", address.getHostAddress(), seconds);
    }

    @DeleteMapping("/api/bans/{address}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void lift(@PathVariable("address") String text) {
        InetAddress address = address(text);
        if (!manager.addresses().lift(address)) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "not-banned",
                    "The address is not banned",
                    address.getHostAddress() + " is neither banned nor ejected.");
        }
        LOG.info("The ban of {} is lifted by an operator", address.getHostAddress());
    }

    /** Reads an address; a name, which DNS would have to be asked for, is none. */
    private static InetAddress address(@Nullable String text) {
        if (text != null && ADDRESS.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                // said below
            }
        }
        throw invalid("address is '" + text + "', allowed is an IP address such as 192.0.2.1 or 2001:db8::1.");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-request", "The request is not valid", detail);
    }
}
