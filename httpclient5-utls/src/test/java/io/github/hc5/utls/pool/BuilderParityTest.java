package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever replaces the stock manager's name by ours finds every method that was used. */
class BuilderParityTest {

    private static List<String> missing(Class<?> stock, Class<?> ours) {
        List<String> missing = new ArrayList<>();
        for (Method method : stock.getDeclaredMethods()) {
            if (!Modifier.isPublic(method.getModifiers()) || method.isSynthetic()) {
                continue;
            }
            try {
                ours.getMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException e) {
                missing.add(method.getName() + Arrays.toString(method.getParameterTypes()));
            }
        }
        return missing;
    }

    @Test
    void theBuilderHasEverySetterOfTheStockOne() {
        assertThat(missing(PoolingAsyncClientConnectionManagerBuilder.class, HotConnectionManagerBuilder.class))
                .isEmpty();
    }

    @Test
    void theManagerHasEveryMethodOfTheStockOne() {
        assertThat(missing(PoolingAsyncClientConnectionManager.class, HotConnectionManager.class))
                .isEmpty();
    }

    /** What the client's builder says of the reactor and the protocols is the manager's to know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "setIOReactorConfig",
                "setThreadFactory",
                "setIoSessionDecorator",
                "setIOSessionListener",
                "setIoReactorExceptionCallback",
                "setHttp1Config",
                "setH2Config",
                "setCharCodingConfig",
                "setConnectionReuseStrategy"
            })
    void settingsOfTheClientThatTheManagerOwnsHaveTheirNames(String name) throws Exception {
        Method stock = Arrays.stream(HttpAsyncClientBuilder.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(HotConnectionManagerBuilder.class.getMethod(name, stock.getParameterTypes()))
                .isNotNull();
    }
}
