package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.PoolFigures;

/**
 * One address of a host, over all routes to it.
 *
 * @param connections open connections to it that may be leased
 * @param usable whether it is in use on any route
 */
record AddressFigures(PoolFigures figures, int connections, boolean usable) {

    static final AddressFigures NONE = new AddressFigures(PoolFigures.NONE, 0, false);

    AddressFigures plus(AddressFigures other) {
        return new AddressFigures(figures.plus(other.figures), connections + other.connections, usable || other.usable);
    }
}
