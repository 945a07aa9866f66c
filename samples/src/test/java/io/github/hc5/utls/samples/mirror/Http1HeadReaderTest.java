package io.github.hc5.utls.samples.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1HeadReaderTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: b\r\n\r\n";
    private static final String POST = "POST /b HTTP/1.1\r\nHost: b\r\nContent-Length: 20\r\n\r\n";
    private static final String CHUNKED = "PUT /c HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\n\r\n";

    private final List<String> heads = new ArrayList<>();
    private final Http1HeadReader reader = new Http1HeadReader(heads::add);

    private void read(String text) {
        reader.read(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void findsEachHeadWhateverThePieces(int pieces) {
        String all = GET + POST + "GET / HTTP/1.1\r\n\r\nxx" + CHUNKED + "5;x=y\r\n\r\n\r\nz\r\n0\r\nTrailer: 1\r\n\r\n"
                + GET;
        for (int from = 0; from < all.length(); from += pieces) {
            read(all.substring(from, Math.min(all.length(), from + pieces)));
        }
        assertThat(heads).containsExactly(GET, POST, CHUNKED, GET);
        assertThat(reader.isFollowing()).isTrue();
    }

    @Test
    void keepsSpellingAndBytes() {
        String head = "GET / HTTP/1.1\r\nhOsT:  b \r\nX-\u00e9: \u00ff\r\n\r\n";
        read(head);
        assertThat(heads).containsExactly(head);
    }

    @Test
    void aHeadMayEndInBareLineFeeds() {
        read("GET / HTTP/1.1\nHost: b\n\n" + GET);
        assertThat(heads).containsExactly("GET / HTTP/1.1\nHost: b\n\n", GET);
    }

    @Test
    void skipsEmptyLinesBeforeARequest() {
        read("\r\n\r\n" + GET);
        assertThat(heads).containsExactly(GET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"
            })
    void givesUpWhereTheBodyCannotBeFollowed(String request) {
        read(request);
        read(GET);
        assertThat(heads).hasSize(1);
        assertThat(reader.isFollowing()).isFalse();
    }

    @Test
    void givesUpOnAHeadWithoutEnd() {
        read("GET / HTTP/1.1\r\n");
        for (int i = 0; i < 1000; i++) {
            read("X-Padding: " + "x".repeat(100) + "\r\n");
        }
        assertThat(reader.isFollowing()).isFalse();
        assertThat(heads).isEmpty();
    }
}
