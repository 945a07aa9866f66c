package io.github.hc5.utls.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What Java Flight Recorder is told of a pool. All are enabled in a recording by default. They are written when the thing is
 * over, so their own duration is nothing; how long it took is a field.
 */
final class FlightEvents {

    private static final String PRODUCT = "HttpClient uTLS";

    private FlightEvents() {}

    /** The fields that all have. */
    @StackTrace(false)
    @Category({PRODUCT})
    abstract static class OfHost extends Event {
        @Label("Host")
        @Nullable
        String host;
    }

    @Name("utls.LeaseWait")
    @Label("Lease Wait")
    @Description("A lease that could not be granted at once has been granted or has failed")
    static final class LeaseWait extends OfHost {
        @Label("Waited")
        @Timespan(Timespan.NANOSECONDS)
        long waited;

        @Label("Error")
        @Nullable
        String error;
    }

    @Name("utls.Connect")
    @Label("Connect")
    @Description("A connection is open, or could not be opened")
    static final class Connect extends OfHost {
        @Label("Connection")
        @Nullable
        String connection;

        @Label("Address")
        @Nullable
        String address;

        @Label("Protocol")
        @Nullable
        String protocol;

        @Label("Profile")
        @Nullable
        String profile;

        @Label("Opening Time")
        @Timespan(Timespan.NANOSECONDS)
        long took;

        @Label("Error")
        @Nullable
        String error;
    }

    @Name("utls.Handshake")
    @Label("TLS Handshake")
    @Description("TLS has been done on a connection, or has failed")
    static final class Handshake extends OfHost {
        @Label("Connection")
        @Nullable
        String connection;

        @Label("Address")
        @Nullable
        String address;

        @Label("Profile")
        @Nullable
        String profile;

        @Label("Application Protocol")
        @Nullable
        String protocol;

        @Label("Resumed")
        boolean resumed;

        @Label("Handshake Time")
        @Timespan(Timespan.NANOSECONDS)
        long took;

        @Label("Error")
        @Nullable
        String error;
    }

    @Name("utls.Ban")
    @Label("Address Ban")
    @Description("An address has been banned: for a host by what it answered, or for all by the user")
    static final class Ban extends OfHost {
        @Label("Address")
        @Nullable
        String address;

        @Label("Ban Time")
        @Timespan(Timespan.NANOSECONDS)
        long time;
    }

    @Name("utls.Eject")
    @Label("Address Ejection")
    @Description("An address is out of use because dials or exchanges failed")
    static final class Eject extends OfHost {
        @Label("Address")
        @Nullable
        String address;

        @Label("Outcome")
        @Nullable
        String outcome;
    }

    @Name("utls.Retire")
    @Label("Connection Retirement")
    @Description("A connection gets no new exchange from here on")
    static final class Retire extends OfHost {
        @Label("Connection")
        @Nullable
        String connection;

        @Label("Address")
        @Nullable
        String address;

        @Label("Profile")
        @Nullable
        String profile;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Age")
        @Timespan(Timespan.NANOSECONDS)
        long age;

        @Label("Exchanges")
        long exchanges;
    }
}
