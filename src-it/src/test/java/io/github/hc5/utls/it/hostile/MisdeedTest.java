package io.github.hc5.utls.it.hostile;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server does wrong, the client says so at once, in a documented way, and is closed. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class MisdeedTest {

    private static final String PACKAGE = "io.github.hc5.utls.it.hostile.";

    private final Refusal refusal;

    MisdeedTest(EngineUnderTest subject) {
        this.refusal = new Refusal(subject);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "HelloMisdeeds#all")
    void inTheServerHello(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "Tls13Misdeeds#all")
    void inTheRestOfTheFlightOfTls13(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "Tls13Misdeeds#applicationProtocol")
    void inTheChoiceOfTheApplicationProtocol(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "Tls12Misdeeds#all")
    void inTheRestOfTheFlightsOfTls12(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "RecordMisdeeds#all")
    void inTheRecordLayer(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    @ParameterizedTest
    @MethodSource(PACKAGE + "RecordMisdeeds#afterTheHandshake")
    void afterTheHandshake(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }
}
