package io.github.hc5.utls.it.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.HandshakeType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An alert from the server ends the connection, and the caller learns which alert it was. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class AlertTest {

    private static final List<Short> DESCRIPTIONS = List.of(
            AlertDescription.unexpected_message,
            AlertDescription.bad_record_mac,
            AlertDescription.handshake_failure,
            AlertDescription.access_denied,
            AlertDescription.decode_error,
            AlertDescription.decrypt_error,
            AlertDescription.protocol_version,
            AlertDescription.insufficient_security,
            AlertDescription.internal_error,
            AlertDescription.inappropriate_fallback,
            AlertDescription.missing_extension,
            AlertDescription.unrecognized_name,
            AlertDescription.certificate_required,
            AlertDescription.no_application_protocol);

    private final Refusal refusal;

    AlertTest(EngineUnderTest subject) {
        this.refusal = new Refusal(subject);
    }

    /** Each description as first answer; a handful of them at each later point. */
    static Stream<Arguments> alerts() {
        List<Arguments> all = new ArrayList<>();
        for (short description : DESCRIPTIONS) {
            all.add(arguments(
                    description,
                    new Misdeed(
                            "alert " + description + " as first answer",
                            () -> new ScriptedPeer(Messages.record(21, 0x0303, alert(description))))));
        }
        for (short description : List.of(AlertDescription.handshake_failure, AlertDescription.internal_error)) {
            all.add(arguments(
                    description,
                    Misdeed.tls13(
                            "alert " + description + " in the flight",
                            before(HandshakeType.certificate, description))));
            all.add(arguments(
                    description,
                    Misdeed.tls12(
                            "alert " + description + " in the flight",
                            before(HandshakeType.server_hello_done, description))));
            all.add(arguments(
                    description,
                    Misdeed.tls12(
                            "alert " + description + " before Finished", before(HandshakeType.finished, description))));
            Tampering connected = Tampering.connected((server, m) -> server.alert(AlertLevel.fatal, description));
            all.add(arguments(description, Misdeed.tls13("alert " + description + " when connected", connected)));
            all.add(arguments(description, Misdeed.tls12("alert " + description + " when connected", connected)));
        }
        return all.stream();
    }

    private static Arguments arguments(short description, Misdeed misdeed) {
        return Arguments.of(AlertDescription.getName(description), misdeed);
    }

    private static byte[] alert(short description) {
        return new byte[] {2, (byte) description};
    }

    private static Tampering before(short type, short description) {
        return Tampering.insteadOf(type, (server, message) -> server.alert(AlertLevel.fatal, description));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void fatalAlertIsNamed(String alert, Misdeed misdeed) throws Exception {
        refusal.naming(misdeed, alert);
    }

    /** Silence after an alert that is no failure is a failure all the same while the handshake is not over. */
    static Stream<Misdeed> goodbyes() {
        byte[] closeNotify = Messages.record(21, 0x0303, new byte[] {1, 0});
        byte[] userCanceled = Messages.record(21, 0x0303, new byte[] {1, 90});
        return Stream.of(
                new Misdeed("close_notify as first answer", () -> new ScriptedPeer(closeNotify)),
                new Misdeed("user_canceled as first answer", () -> new ScriptedPeer(userCanceled, closeNotify)),
                Misdeed.tls13(
                        "close_notify in the flight",
                        Tampering.insteadOf(
                                HandshakeType.certificate,
                                (server, m) -> server.alert(AlertLevel.warning, AlertDescription.close_notify))),
                Misdeed.tls12(
                        "close_notify in the flight",
                        Tampering.insteadOf(
                                HandshakeType.server_hello_done,
                                (server, m) -> server.alert(AlertLevel.warning, AlertDescription.close_notify))));
    }

    @ParameterizedTest
    @MethodSource("goodbyes")
    void goodbyeDuringTheHandshakeIsAFailure(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }

    /** In TLS 1.3 the level means nothing: all alerts but two are fatal (RFC 8446 section 6). */
    static Stream<Misdeed> warningsThatAreErrors() {
        return Stream.of(
                Misdeed.tls13(
                        "a warning in the flight",
                        Tampering.insteadOf(
                                HandshakeType.certificate,
                                (server, m) -> server.alert(AlertLevel.warning, AlertDescription.handshake_failure))),
                Misdeed.tls13(
                        "a warning when connected",
                        Tampering.connected(
                                (server, m) -> server.alert(AlertLevel.warning, AlertDescription.decode_error))),
                Misdeed.tls13(
                        "an alert of an unknown level",
                        Tampering.connected((server, m) -> server.alert(7, AlertDescription.decode_error))),
                Misdeed.tls12(
                        "an alert of an unknown level",
                        Tampering.connected((server, m) -> server.alert(7, AlertDescription.decode_error))));
    }

    @ParameterizedTest
    @MethodSource("warningsThatAreErrors")
    void warningsAreErrorsInTls13(Misdeed misdeed) throws Exception {
        refusal.of(misdeed);
    }
}
