package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Ja3Test {

    @Test
    void leavesOutGreaseAndKeepsTheOrder() {
        ClientHelloMessage hello = ClientHelloParser.parse(new HelloBytes()
                .cipherSuites(List.of(0x1A1A, 0x1302, 0x1301))
                .extension(0x2A2A, "")
                .extension(23, "")
                .extension(11, "020100")
                .extension(10, "0006" + "3a3a" + "001d" + "0017")
                .records());

        assertThat(Ja3.of(hello)).hasToString("771,4866-4865,23-11-10,29-23,1-0");
        assertThat(Ja3n.of(hello)).hasToString("771,4866-4865,10-11-23,29-23,1-0");
        assertThat(Ja3n.of(hello).hash()).isNotEqualTo(Ja3.of(hello).hash());
    }

    @Test
    void leavesMissingListsEmpty() {
        ClientHelloMessage hello =
                ClientHelloParser.parse(new HelloBytes().legacyVersion(0x0301).records());

        assertThat(Ja3.of(hello)).hasToString("769,4865,,,");
    }

    @Test
    void hashesAsPublished() {
        // The example of the JA3 specification.
        Ja3 published = new Ja3(
                769,
                List.of(47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4),
                List.of(0, 10, 11),
                List.of(23, 24, 25),
                List.of(0));

        assertThat(published).hasToString("769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
        assertThat(published.hash()).isEqualTo("ada70206e40642a3e4461f35503241d5");
    }
}
