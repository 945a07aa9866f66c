package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.Test;

class KyberDraftAgreementTest {

    private final SecureRandom random = new SecureRandom();
    private final TlsCrypto crypto = new BcTlsCrypto(random);

    /** The expected value is computed by another implementation of SHA-3 and SHAKE. */
    @Test
    void lastStepIsThatOfRoundThree() {
        byte[] shared = new byte[32];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = (byte) i;
        }
        byte[] ciphertext = new byte[KyberDraftAgreement.CIPHERTEXT];
        for (int i = 0; i < ciphertext.length; i++) {
            ciphertext[i] = (byte) (i % 251);
        }
        assertThat(HexFormat.of().formatHex(KyberDraftAgreement.roundThreeSecret(shared, ciphertext)))
                .isEqualTo("30d96e56f02d5eb7fda02b3c21328691af1fe11c02067cfd3337dff694e693fa");
    }

    @Test
    void agreesWithAServer() throws Exception {
        KyberDraftAgreement client = new KyberDraftAgreement(crypto, random);
        byte[] publicKey = client.generateEphemeral();
        assertThat(publicKey).hasSize(1184);
        SecretWithEncapsulation server = new MLKEMGenerator(random)
                .generateEncapsulated(new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, publicKey));

        client.receivePeerValue(server.getEncapsulation());

        assertThat(client.calculateSecret().extract())
                .isEqualTo(KyberDraftAgreement.roundThreeSecret(server.getSecret(), server.getEncapsulation()))
                .isNotEqualTo(server.getSecret());
    }

    @Test
    void refusesACiphertextOfAnotherLength() {
        KyberDraftAgreement client = new KyberDraftAgreement(crypto, random);
        assertThat(client.generateEphemeral()).isNotEqualTo(client.generateEphemeral());
        assertThatThrownBy(() -> client.receivePeerValue(new byte[1087]))
                .isInstanceOf(TlsFatalAlert.class)
                .hasMessageContaining("1087 bytes");
    }
}
