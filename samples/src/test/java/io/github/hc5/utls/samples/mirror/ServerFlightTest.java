package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerFlightTest {

    private static final String RANDOM = "11".repeat(32);
    private static final String RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
    private static final String TLS13 = "002b00020304";

    private final AtomicInteger retries = new AtomicInteger();
    private final ServerFlight flight = new ServerFlight(retries::incrementAndGet);
    private final TlsRecordReader reader = new TlsRecordReader(flight);

    private void write(String hex) {
        reader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private static String record(String type, String body) {
        return type + "0303" + String.format("%04x", body.length() / 2) + body;
    }

    private static String message(String type, String body) {
        return type + String.format("%06x", body.length() / 2) + body;
    }

    private static String serverHello(String random, String extensions) {
        return message(
                "02",
                "0303" + random + "02abcd" + "1301" + "00" + String.format("%04x", extensions.length() / 2)
                        + extensions);
    }

    @Test
    void findsTheKeyShareOfTls13() {
        write(record("16", serverHello(RANDOM, TLS13 + "00330008" + "11ec0004" + "01020304")));
        assertThat(flight.isFinished()).isTrue();
        assertThat(flight.group()).hasValue(4588);
        assertThat(flight.resumed()).isFalse();
        assertThat(retries).hasValue(0);
    }

    @Test
    void goesOnAfterAHelloRetryRequest() {
        write(record("16", serverHello(RETRY, TLS13 + "00330002" + "0018")) + record("14", "01"));
        assertThat(retries).hasValue(1);
        assertThat(flight.isFinished()).isFalse();
        write(record("16", serverHello(RANDOM, TLS13 + "00330005" + "0018" + "0001" + "aa" + "00290002" + "0000")));
        assertThat(flight.isFinished()).isTrue();
        assertThat(flight.group()).hasValue(24);
        assertThat(flight.resumed()).isTrue();
    }

    @Test
    void findsTheCurveOfTls12() {
        String flightOfServer = serverHello(RANDOM, "ff01000100")
                + message("0b", "000000")
                + message("0c", "03" + "0017" + "0401020304")
                + message("0e", "");
        // one record for each seven bytes: messages and records need not agree
        StringBuilder records = new StringBuilder();
        for (int from = 0; from < flightOfServer.length(); from += 14) {
            records.append(record("16", flightOfServer.substring(from, Math.min(flightOfServer.length(), from + 14))));
        }
        write(records.toString());
        assertThat(flight.isFinished()).isTrue();
        assertThat(flight.group()).hasValue(23);
        assertThat(flight.resumed()).isFalse();
    }

    @Test
    void anAbbreviatedTls12HandshakeIsAResumption() {
        write(record("16", serverHello(RANDOM, "ff01000100")) + record("14", "01"));
        assertThat(flight.isFinished()).isTrue();
        assertThat(flight.resumed()).isTrue();
        assertThat(flight.group()).isEmpty();
    }

    @Test
    void rsaKeyExchangeHasNoGroup() {
        write(record("16", serverHello(RANDOM, "ff01000100") + message("0b", "000000") + message("0e", "")));
        write(record("14", "01"));
        assertThat(flight.isFinished()).isTrue();
        assertThat(flight.resumed()).isFalse();
        assertThat(flight.group()).isEmpty();
    }
}
