package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.BanRule;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beginning of one response's body, as far as a ban rule wants to see it. Used by the thread that drives the exchange. */
final class BodyWatch {

    private static final Logger LOG = LoggerFactory.getLogger(HostPool.class);
    private static final int FIRST = 1024;

    private final BanRule.BodyCondition condition;
    private final int status;
    private ByteBuffer beginning;
    private boolean over;

    BodyWatch(BanRule.BodyCondition condition, int status) {
        this.condition = condition;
        this.status = status;
        this.beginning = ByteBuffer.allocate(Math.min(condition.bytes(), FIRST));
    }

    /** Takes a copy of what is still wanted; returns whether the response bans. */
    boolean passes(ByteBuffer body) {
        int length = Math.min(body.remaining(), condition.bytes() - beginning.position());
        if (over || length <= 0) {
            return false;
        }
        if (length > beginning.remaining()) {
            int size = Math.max(beginning.position() + length, 2 * beginning.capacity());
            beginning = ByteBuffer.allocate(Math.min(condition.bytes(), size)).put(beginning.flip());
        }
        beginning.put(body.duplicate().limit(body.position() + length));
        return beginning.position() == condition.bytes() && test();
    }

    /** The body is over; returns whether the response bans. */
    boolean ends() {
        return !over && test();
    }

    private boolean test() {
        over = true;
        ByteBuffer seen = beginning.flip().asReadOnlyBuffer();
        beginning = ByteBuffer.allocate(0);
        try {
            return condition.test().bans(status, seen);
        } catch (RuntimeException e) {
            LOG.warn("a test of a ban rule failed, and bans nothing", e);
            return false;
        }
    }
}
