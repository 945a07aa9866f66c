package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;

/** Choosing the address of a lease among those with open connections, and recording what came of an exchange. */
public final class AddressSteps {

    private final HostPool pool;
    private final HotConnection[] all;
    private final LeasedExchange[] exchanges;

    /** Of a route whose connections are open, one to each address. */
    public AddressSteps(HotConnectionManager manager, HttpRoute route) {
        HostPool found = manager.hostPool(route);
        if (found == null) {
            throw new IllegalArgumentException("no connection of " + route + " has been opened");
        }
        pool = found;
        all = Snapshots.connections(found).toArray(HotConnection[]::new);
        exchanges = new LeasedExchange[all.length];
        for (int i = 0; i < all.length; i++) {
            BasicClientExchangeHandler<?> nobody = new BasicClientExchangeHandler<>(
                    SimpleRequestProducer.create(SimpleRequestBuilder.get("/").build()),
                    SimpleResponseConsumer.create(),
                    null);
            exchanges[i] = new LeasedExchange(all[i], nobody, null, 0);
        }
    }

    public int connections() {
        return all.length;
    }

    /** Chooses, counts the lease, and records a success of so long. */
    public Object chooseAndRecord(long elapsedNanos) {
        HotConnection best = AddressChoice.pick(all, all.length, pool.targets, null, null, false);
        if (best == null) {
            throw new IllegalStateException("no connection can be leased");
        }
        pool.targets.took(best);
        int index = 0;
        while (all[index] != best) {
            index++;
        }
        pool.outcomes.ended(exchanges[index], Outcome.OK, elapsedNanos);
        return best;
    }
}
