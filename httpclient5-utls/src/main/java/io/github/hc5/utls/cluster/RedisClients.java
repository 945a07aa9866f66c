package io.github.hc5.utls.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.SslVerificationMode;

/** Makes Redisson clients from {@link ClusterSettings}, and tells what their failures mean. */
final class RedisClients {

    private static final int CONNECT_MILLIS = 2000;

    /** A late answer is of use (it says what Redis granted), so a command is not given up with the settings' timeout. */
    private static final int COMMAND_MILLIS = 3000;

    private static final int PING_MILLIS = 1000;
    private static final Duration RECONNECT = Duration.ofMillis(500);

    private RedisClients() {}

    /** Blocks until connected. */
    static RedissonClient connect(ClusterSettings settings) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.setThreads(2);
        config.setNettyThreads(2);
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setSslVerificationMode(SslVerificationMode.STRICT);
        if (settings.trustStore() != null) {
            config.setSslTrustManagerFactory(trust(settings.trustStore(), settings.trustStorePassword()));
        }
        String[] addresses = settings.addresses().toArray(String[]::new);
        switch (settings.mode()) {
            case SINGLE ->
                times(config.useSingleServer())
                        .setAddress(addresses[0])
                        .setConnectionMinimumIdleSize(1)
                        .setConnectionPoolSize(4)
                        .setSubscriptionConnectionMinimumIdleSize(1)
                        .setSubscriptionConnectionPoolSize(2);
            case SENTINEL ->
                times(config.useSentinelServers())
                        .addSentinelAddress(addresses)
                        .setMasterName(settings.masterName())
                        .setMasterConnectionMinimumIdleSize(1)
                        .setMasterConnectionPoolSize(4)
                        .setSlaveConnectionMinimumIdleSize(1)
                        .setSlaveConnectionPoolSize(4)
                        .setSubscriptionConnectionMinimumIdleSize(1);
            case CLUSTER ->
                times(config.useClusterServers())
                        .addNodeAddress(addresses)
                        .setMasterConnectionMinimumIdleSize(1)
                        .setMasterConnectionPoolSize(4)
                        .setSlaveConnectionMinimumIdleSize(1)
                        .setSlaveConnectionPoolSize(4)
                        .setSubscriptionConnectionMinimumIdleSize(1);
        }
        return Redisson.create(config);
    }

    private static <T extends BaseConfig<T>> T times(T config) {
        return config.setConnectTimeout(CONNECT_MILLIS)
                .setTimeout(COMMAND_MILLIS)
                .setRetryAttempts(0)
                // a connection whose other end is gone without a word is found out
                .setPingConnectionInterval(PING_MILLIS)
                .setReconnectionDelay(new ConstantDelay(RECONNECT));
    }

    private static TrustManagerFactory trust(Path file, @Nullable String password) {
        char[] secret = password == null ? null : password.toCharArray();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, secret);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("trustStore " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a failure says of Redis: refused, where trying again with the same settings is in vain; slow; or down. */
    static ClusterState meaning(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof RedisWrongPasswordException
                    || cause instanceof RedisAuthRequiredException
                    || cause instanceof SSLException
                    || cause instanceof IllegalArgumentException
                    || message.contains("WRONGPASS")
                    || message.contains("NOAUTH")
                    || message.contains("NOPERM")
                    || message.contains("without any password configured")) {
                return ClusterState.REFUSED;
            }
            for (Throwable more : cause.getSuppressed()) {
                if (meaning(more) == ClusterState.REFUSED) {
                    return ClusterState.REFUSED;
                }
            }
        }
        return failure instanceof RedisTimeoutException ? ClusterState.SLOW : ClusterState.DOWN;
    }

    /** The innermost cause in a few words; Redisson's own messages hold whole commands. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf('\n');
        message = end < 0 ? message : message.substring(0, end);
        return cause.getClass().getSimpleName() + ": "
                + (message.length() > 160 ? message.substring(0, 160) + "..." : message);
    }
}
