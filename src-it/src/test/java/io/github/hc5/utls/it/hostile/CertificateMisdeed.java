package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.TestAuthority.HOST;
import static io.github.hc5.utls.it.hostile.TestAuthority.TRUSTED;
import static io.github.hc5.utls.it.hostile.TestAuthority.UNKNOWN;
import static io.github.hc5.utls.it.hostile.TestAuthority.ecKeys;
import static io.github.hc5.utls.it.hostile.TestAuthority.request;
import static io.github.hc5.utls.it.hostile.TestAuthority.rsaKeys;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * A certificate that does not prove that its server is the one meant.
 *
 * @param name what is wrong with it
 * @param host the host that the client means
 * @param credentials what the server shows
 * @param cause a pattern for how the refusal names the cause, in any case of letters
 */
record CertificateMisdeed(String name, String host, Supplier<Credentials> credentials, String cause) {

    private static final String NO_PATH = "unable to find valid certification path|path building|not trusted|unknown";
    private static final String WRONG_NAME = "subject alternative|doesn't match|no name matching|not match";
    private static final Duration DAY = Duration.ofDays(1);

    static Stream<CertificateMisdeed> all() {
        return Stream.of(trust(), time(), purpose(), chains(), weak()).flatMap(List::stream);
    }

    private static CertificateMisdeed misdeed(String name, String cause, Supplier<Credentials> credentials) {
        return new CertificateMisdeed(name, HOST, credentials, cause);
    }

    private static List<CertificateMisdeed> trust() {
        return List.of(
                misdeed("unknown authority", NO_PATH, () -> UNKNOWN.issue(request(ecKeys()))),
                misdeed("self-signed", NO_PATH, () -> TestAuthority.selfSigned(request(ecKeys()))),
                misdeed(
                        "an authority of the same name with another key",
                        "signature|path|" + NO_PATH,
                        () -> TestAuthority.impostor(TRUSTED).issue(request(ecKeys()))),
                misdeed(
                        "unknown authority, trusted root sent along",
                        NO_PATH,
                        () -> UNKNOWN.issue(request(ecKeys())).followedBy(TRUSTED.certificate())));
    }

    private static List<CertificateMisdeed> time() {
        return List.of(
                misdeed(
                        "expired",
                        "expired|validity",
                        () -> TRUSTED.issue(request(ecKeys()).valid(DAY.multipliedBy(-9), DAY.negated()))),
                misdeed(
                        "not yet valid",
                        "not ?yet ?valid|validity",
                        () -> TRUSTED.issue(request(ecKeys()).valid(DAY, DAY.multipliedBy(9)))),
                misdeed(
                        "expired intermediate",
                        "expired|validity",
                        () -> TRUSTED.subordinate(authority().valid(DAY.multipliedBy(-9), DAY.negated()))
                                .issue(request(ecKeys()))));
    }

    private static List<CertificateMisdeed> purpose() {
        return List.of(
                misdeed(
                        "for clients only",
                        "extended key usage",
                        () -> TRUSTED.issue(request(ecKeys()).purpose(KeyPurposeId.id_kp_clientAuth))),
                misdeed(
                        "for code signing only",
                        "extended key usage",
                        () -> TRUSTED.issue(request(ecKeys()).purpose(KeyPurposeId.id_kp_codeSigning))),
                misdeed(
                        "key usage without signatures",
                        "key ?usage",
                        () -> TRUSTED.issue(request(ecKeys()).usage(KeyUsage.keyAgreement))),
                misdeed(
                        "key usage for certificates",
                        "key ?usage",
                        () -> TRUSTED.issue(request(ecKeys()).usage(KeyUsage.keyCertSign))),
                misdeed(
                        "RSA key usage for encryption only",
                        "key ?usage",
                        () -> TRUSTED.issue(request(rsaKeys(2048)).usage(KeyUsage.keyEncipherment))));
    }

    private static List<CertificateMisdeed> chains() {
        return List.of(
                misdeed(
                        "issued by a server's certificate",
                        "not a ca|basic constraints|" + NO_PATH,
                        () -> TRUSTED.subordinate(request(ecKeys()).usage(KeyUsage.keyCertSign | 0x80))
                                .issue(request(ecKeys()))),
                misdeed(
                        "issued by an authority that may not sign certificates",
                        "key ?usage|keycertsign|" + NO_PATH,
                        () -> TRUSTED.subordinate(authority().usage(KeyUsage.cRLSign))
                                .issue(request(ecKeys()))),
                misdeed(
                        "more authorities than allowed",
                        "path ?length|pathlen|too long|" + NO_PATH,
                        () -> TRUSTED.subordinate(authority().authority(0))
                                .subordinate(new CertificateRequest("Second Intermediate", ecKeys()).authority(-1))
                                .issue(request(ecKeys()))),
                misdeed(
                        "outside the names its authority may sign for",
                        "name ?constraints|permitted|" + NO_PATH,
                        () -> TRUSTED.subordinate(authority().permittedDomain("elsewhere.test"))
                                .issue(request(ecKeys()))),
                misdeed(
                        "intermediate not sent",
                        NO_PATH,
                        () -> TRUSTED.subordinate(authority())
                                .issue(request(ecKeys()))
                                .leafOnly()));
    }

    private static List<CertificateMisdeed> weak() {
        return List.of(
                misdeed(
                        "RSA with 1000 bits",
                        "constraint|algorithm|key ?size",
                        () -> TRUSTED.issue(request(rsaKeys(1000)))),
                misdeed(
                        "signed with MD5",
                        "constraint|algorithm|md5",
                        () -> rsaAuthority().issue(request(ecKeys()).signatureAlgorithm("MD5withRSA"))));
    }

    /** Returns names that a certificate for other names must not be taken for. */
    static Stream<CertificateMisdeed> wrongNames() {
        return Stream.of(
                names("another host", HOST, dns("other.test")),
                names("a part of the name", HOST, dns("test")),
                names("a subdomain", HOST, dns("www.server.test")),
                names("the domain above", "www.server.test", dns(HOST)),
                names("a name that begins alike", HOST, dns("server.test.evil.test")),
                names("a name that ends alike", HOST, dns("evilserver.test")),
                names("a wildcard for two labels", "a.b.server.test", dns("*.server.test")),
                names("a wildcard for no label", HOST, dns("*.server.test")),
                names("a wildcard in the second label", "www.server.test", dns("www.*.test")),
                names("nothing but a wildcard", HOST, dns("*")),
                names("an address for a name", HOST, ip("127.0.0.1")),
                names("a name for an address", "127.0.0.1", dns(HOST)),
                names("an address spelt as a name", "127.0.0.1", dns("127.0.0.1")),
                names("another address", "127.0.0.1", ip("127.0.0.2")),
                names("another IPv6 address", "::1", ip("::2")),
                names("a wildcard for an address", "127.0.0.1", dns("*.0.0.1")));
    }

    /** Returns names that must match: what is refused above is not refused out of mere caution. */
    static Stream<CertificateMisdeed> rightNames() {
        return Stream.of(
                names("the name", HOST, dns(HOST)),
                names("the name in other letters", "Server.TEST", dns("sErver.test")),
                names("one of several", HOST, dns("a.test", "b.test", HOST)),
                names("a wildcard", "www.server.test", dns("*.server.test")),
                names("an address", "127.0.0.1", ip("127.0.0.1")),
                names("an IPv6 address", "::1", ip("::1")),
                names("an IPv6 address spelt otherwise", "0:0:0:0:0:0:0:1", ip("::1")));
    }

    private static CertificateMisdeed names(String name, String host, Supplier<Credentials> credentials) {
        return new CertificateMisdeed("for " + name, host, credentials, WRONG_NAME);
    }

    private static Supplier<Credentials> dns(String... names) {
        return () -> {
            CertificateRequest request = new CertificateRequest("named", ecKeys());
            for (String name : names) {
                request.dns(name);
            }
            return TRUSTED.issue(request);
        };
    }

    private static Supplier<Credentials> ip(String address) {
        return () -> TRUSTED.issue(new CertificateRequest("addressed", ecKeys()).ip(address));
    }

    private static CertificateRequest authority() {
        return new CertificateRequest("Intermediate", ecKeys()).authority(-1);
    }

    private static TestAuthority rsaAuthority() {
        return TRUSTED.subordinate(new CertificateRequest("RSA Intermediate", rsaKeys(2048)).authority(-1));
    }

    @Override
    public String toString() {
        return name + " (" + host + ")";
    }
}
