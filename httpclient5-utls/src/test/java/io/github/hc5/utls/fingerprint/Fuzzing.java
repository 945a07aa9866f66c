package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the fuzz tests demand of every input, whatever else comes of it. */
final class Fuzzing {

    /** What work of a fixed size may allocate: the base profile, patterns, digests. */
    private static final long FIXED_BYTES = 32 << 20;

    /** What each byte of the input may cause to be allocated. */
    private static final long BYTES_PER_BYTE = 8 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzzing() {}

    static Stream<Arguments> seeds(Stream<byte[]> inputs) {
        return inputs.map(input -> Arguments.of((Object) input));
    }

    /** Runs the reader; no length that the input states may make it ask for memory that the input does not warrant. */
    static void inBoundedMemory(byte[] input, Runnable reader) {
        long bound = FIXED_BYTES + BYTES_PER_BYTE * input.length;
        if (allocatedBy(reader) > bound) {
            // once more, now that it has loaded its classes, each of which the fuzzer instruments
            assertThat(allocatedBy(reader))
                    .as("bytes allocated for an input of %d bytes", input.length)
                    .isLessThan(bound);
        }
    }

    private static long allocatedBy(Runnable reader) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reader.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** The only way in which a parser of strings may refuse: a message of our own, not one of a parser below. */
    static void refusedOrDone(Runnable parser) {
        try {
            parser.run();
        } catch (IllegalArgumentException e) {
            requireReason(e);
        }
    }

    static void requireReason(IllegalArgumentException e) {
        assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class).hasMessageMatching("(?s).{10,}");
    }
}
