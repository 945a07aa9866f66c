package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.Ban;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** States to save. */
final class States {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private States() {}

    /** A state that says which one it is: it was saved so many seconds after the start, and its size follows from that. */
    static PoolState numbered(int number) {
        List<AddressBans.Place> good = new ArrayList<>();
        for (int i = 0; i < facts(number); i++) {
            good.add(place("host" + i + ".example", "", "192.0.2." + i % 256));
        }
        return new PoolState(START.plusSeconds(number), List.of(), good, List.of(), List.of());
    }

    static int facts(int number) {
        return 1 + number * 7919 % 700;
    }

    static int number(PoolState state) {
        return (int) Duration.between(START, state.savedAt()).toSeconds();
    }

    static PoolState full() {
        AddressBans.Place v4 = place("a.example", "", "192.0.2.1");
        AddressBans.Place v6 = place("b.example", "http://proxy:8080", "2001:db8::1");
        return new PoolState(
                START,
                List.of(
                        new Ban(v4.address(), null, "", 1, Duration.ofSeconds(90), "by the user"),
                        new Ban(v6.address(), "b.example", v6.exit(), 3, Duration.ofHours(2), "tab\t line\n \\n \\")),
                List.of(v4, v6),
                List.of(
                        new PoolState.AddressMemory(v4, Duration.ofNanos(1_234_567), 0, Duration.ZERO),
                        new PoolState.AddressMemory(v6, Duration.ZERO, 4, Duration.ofSeconds(30))),
                List.of(
                        new PoolState.HostMemory("https://a.example:443", "", true, 128),
                        new PoolState.HostMemory("http://b.example:80", "192.0.2.9", false, 100)));
    }

    static AddressBans.Place place(String host, String exit, String address) {
        try {
            return new AddressBans.Place(host, exit, InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
