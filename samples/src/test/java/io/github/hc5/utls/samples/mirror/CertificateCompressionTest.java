package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.Decoder;
import com.github.luben.zstd.Zstd;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Inflater;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's compressed certificates against BoringSSL's client, which is Chromium's. */
class CertificateCompressionTest {

    private final AtomicInteger compressed = new AtomicInteger();
    private final AtomicInteger uncompressed = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(CertificateCompression.class)
    void aClientThatOffersTheAlgorithmGetsItsCertificateCompressed(CertificateCompression algorithm) throws Exception {
        handshake(List.of(algorithm), algorithm);
        assertThat(compressed.get()).isPositive().isLessThan(uncompressed.get());
    }

    @Test
    void aClientThatOffersAnotherOneGetsItPlain() throws Exception {
        handshake(List.of(CertificateCompression.ZLIB), CertificateCompression.BROTLI);
        assertThat(compressed).hasValue(0);
    }

    private void handshake(List<CertificateCompression> servers, CertificateCompression clients) throws Exception {
        MirrorSettings settings = MirrorSettings.defaults()
                .withProvider(TlsProvider.BORINGSSL)
                .withCertificateCompression(servers.toArray(CertificateCompression[]::new));
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (MirrorServer server = MirrorServer.start(settings)) {
            SslContext context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL)
                    .trustManager(server.caCertificate())
                    .option(
                            OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS,
                            OpenSslCertificateCompressionConfig.newBuilder()
                                    .addAlgorithm(new Decompression(clients), AlgorithmMode.Decompress)
                                    .build())
                    .build();
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel opened) {
                            opened.pipeline().addLast(context.newHandler(opened.alloc(), "localhost", server.port()));
                        }
                    })
                    .connect("127.0.0.1", server.port())
                    .sync()
                    .channel();
            channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
            channel.close().sync();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private final class Decompression implements OpenSslCertificateCompressionAlgorithm {

        private final CertificateCompression algorithm;

        Decompression(CertificateCompression algorithm) {
            this.algorithm = algorithm;
        }

        @Override
        public byte[] compress(SSLEngine engine, byte[] input) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] decompress(SSLEngine engine, int length, byte[] input) throws Exception {
            compressed.set(input.length);
            uncompressed.set(length);
            return switch (algorithm) {
                case BROTLI -> Decoder.decompress(input).getDecompressedData();
                case ZSTD -> Zstd.decompress(input, length);
                case ZLIB -> inflate(input, length);
            };
        }

        private byte[] inflate(byte[] input, int length) throws Exception {
            Inflater inflater = new Inflater();
            inflater.setInput(input);
            byte[] output = new byte[length];
            assertThat(inflater.inflate(output)).isEqualTo(length);
            inflater.end();
            return output;
        }

        @Override
        public int algorithmId() {
            return algorithm.codePoint();
        }
    }
}
