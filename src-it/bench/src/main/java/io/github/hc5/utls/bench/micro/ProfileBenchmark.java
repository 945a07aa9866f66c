package io.github.hc5.utls.bench.micro;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.http.HpackBlocks;
import io.github.hc5.utls.tls.Hellos;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a profile costs: to load it, to draw and encode a hello, to make a request's fields and their HPACK block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProfileBenchmark {

    @Param({"chrome-156", "firefox-153"})
    private String profile;

    private String toml;
    private Hellos hellos;
    private HpackBlocks blocks;
    private HttpRequest request;

    @Setup
    public void prepare() throws Exception {
        BrowserProfile browser = BrowserProfiles.find(profile);
        try (InputStream in = BrowserProfile.class.getResourceAsStream("profiles/" + profile + ".toml")) {
            if (in == null) {
                throw new IllegalStateException("no file of " + profile);
            }
            toml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        hellos = new Hellos(browser);
        blocks = new HpackBlocks(browser);
        request = new BasicHttpRequest(
                "GET", "https", new org.apache.hc.core5.net.URIAuthority("www.example.com"), "/a/b?c=d");
    }

    @Benchmark
    public Object load() {
        return BrowserProfiles.parse(profile + ".toml", toml);
    }

    @Benchmark
    public Object hello() {
        return hellos.draw();
    }

    @Benchmark
    public Object keyShares() throws Exception {
        return hellos.keyShares();
    }

    /** The second and later requests of a connection, whose fields are mostly in the table. */
    @Benchmark
    public int fieldsAndHpackBlock() throws Exception {
        return blocks.encode(request);
    }
}
