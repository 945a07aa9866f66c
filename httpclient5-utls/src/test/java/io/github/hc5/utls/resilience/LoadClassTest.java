package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.github.hc5.utls.resilience.LoadClassConnectionManager.LoadClass;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

class LoadClassTest {

    private static final HttpRoute ROUTE = new HttpRoute(new HttpHost("host.example", 80));

    private final AsyncClientConnectionManager urgent = mock(AsyncClientConnectionManager.class);
    private final AsyncClientConnectionManager usual = mock(AsyncClientConnectionManager.class);
    private final AsyncClientConnectionManager rest = mock(AsyncClientConnectionManager.class);
    private final LoadClassConnectionManager all = new LoadClassConnectionManager(
            List.of(new LoadClass(Duration.ofSeconds(10), usual), new LoadClass(Duration.ofMillis(500), urgent)), rest);

    @Test
    void theSmallestBudgetThatTheTimeoutIsWithinDecides() {
        assertThat(all.managerFor(Timeout.ofMilliseconds(1))).isSameAs(urgent);
        assertThat(all.managerFor(Timeout.ofMilliseconds(500))).isSameAs(urgent);
        assertThat(all.managerFor(Timeout.ofMilliseconds(501))).isSameAs(usual);
        assertThat(all.managerFor(Timeout.ofSeconds(10))).isSameAs(usual);
        assertThat(all.managerFor(Timeout.ofSeconds(11))).isSameAs(rest);
        assertThat(all.managerFor(Timeout.DISABLED)).isSameAs(rest);
        assertThat(all.managerFor(null)).isSameAs(rest);
    }

    @Test
    void anEndpointStaysWithThePoolThatGaveIt() throws Exception {
        AsyncConnectionEndpoint given = mock(AsyncConnectionEndpoint.class);
        when(urgent.lease(any(), any(), any(), any(), any())).thenAnswer(call -> {
            FutureCallback<AsyncConnectionEndpoint> callback = call.getArgument(4);
            callback.completed(given);
            return mock(Future.class);
        });
        AsyncConnectionEndpoint leased =
                all.lease("id", ROUTE, null, Timeout.ofMilliseconds(100), null).get();
        Future<?> unused =
                all.connect(leased, null, null, null, null, new CallbackContribution<AsyncConnectionEndpoint>(null) {
                    @Override
                    public void completed(AsyncConnectionEndpoint connected) {
                        assertThat(connected).isSameAs(leased);
                    }
                });
        all.release(leased, "state", TimeValue.ofSeconds(1));

        verify(urgent).connect(same(given), any(), any(), any(), any(), any());
        verify(urgent).release(same(given), eq("state"), eq(TimeValue.ofSeconds(1)));
        verifyNoInteractions(usual, rest);
    }

    @Test
    void closesAll() {
        all.close(CloseMode.IMMEDIATE);
        for (AsyncClientConnectionManager each : List.of(urgent, usual, rest)) {
            verify(each).close(CloseMode.IMMEDIATE);
        }
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> new LoadClassConnectionManager(List.of(), rest))
                .hasMessage("the classes of load are none, must be one or more");
        LoadClass one = new LoadClass(Duration.ofSeconds(1), urgent);
        assertThatThrownBy(() -> new LoadClassConnectionManager(List.of(one, one), rest))
                .hasMessage("two classes of load have the same budget; each needs its own");
        assertThatThrownBy(() -> new LoadClass(Duration.ZERO, urgent)).isInstanceOf(IllegalArgumentException.class);
    }
}
