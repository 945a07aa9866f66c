package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.Test;

class RecentServersTest {

    private static final int ZSTD = 3;
    private static final byte[] CERTIFICATE = {1, 2, 3, 4, 5, 6, 7, 8};

    private final RecentServers recent = new RecentServers();

    @Test
    void aKeyIsParsedOnce() throws Exception {
        AtomicInteger parsed = new AtomicInteger();
        RecentServers.KeyParser parser = () -> {
            parsed.incrementAndGet();
            return new AsymmetricKeyParameter(false);
        };
        AsymmetricKeyParameter first = recent.key(new byte[] {1}, parser);
        assertThat(recent.key(new byte[] {1}, parser)).isSameAs(first);
        assertThat(recent.key(new byte[] {2}, parser)).isNotSameAs(first);
        assertThat(parsed).hasValue(2);
    }

    @Test
    void aCertificateIsTheSameEachTime() throws Exception {
        assertThat(recent.certificate(compressed(), List.of(ZSTD))).isEqualTo(CERTIFICATE);
        byte[] again = recent.certificate(compressed(), List.of(ZSTD));
        assertThat(again).isEqualTo(CERTIFICATE);
        again[0]++;
        assertThat(recent.certificate(compressed(), List.of(ZSTD))).isEqualTo(CERTIFICATE);
    }

    @Test
    void whatOneProfileWasSentIsStillRefusedWhereItWasNotOffered() throws Exception {
        recent.certificate(compressed(), List.of(ZSTD));
        assertThatThrownBy(() -> recent.certificate(compressed(), List.of(2)))
                .isInstanceOf(TlsFatalAlert.class)
                .hasMessageContaining("was not offered");
    }

    private static byte[] compressed() {
        byte[] packed = Zstd.compress(CERTIFICATE);
        WireWriter out = new WireWriter(64);
        out.u16(ZSTD).u8(0).u16(CERTIFICATE.length).u8(0).u16(packed.length).raw(packed);
        return out.toByteArray();
    }
}
