package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.samples.mirror.HpackTable.Field;
import org.junit.jupiter.api.Test;

class HpackTableTest {

    private static final int FIRST_DYNAMIC = 62;

    private static Field sized(String name, int size) {
        return new Field(name, "v".repeat(size - 32 - name.length()));
    }

    @Test
    void findsStaticEntriesByTheirNumbersInTheRfc() throws Exception {
        HpackTable table = new HpackTable(4096);
        assertThat(table.get(1)).isEqualTo(new Field(":authority", ""));
        assertThat(table.get(16)).isEqualTo(new Field("accept-encoding", "gzip, deflate"));
        assertThat(table.get(61)).isEqualTo(new Field("www-authenticate", ""));
    }

    @Test
    void theNewestEntryHasTheLowestIndex() throws Exception {
        HpackTable table = new HpackTable(4096);
        table.add(new Field("a", "1"));
        table.add(new Field("b", "2"));
        assertThat(table.get(FIRST_DYNAMIC).name()).isEqualTo("b");
        assertThat(table.get(FIRST_DYNAMIC + 1).name()).isEqualTo("a");
    }

    @Test
    void evictsTheOldestUntilTheNewOneFits() throws Exception {
        HpackTable table = new HpackTable(150);
        table.add(sized("a", 50));
        table.add(sized("b", 50));
        table.add(sized("c", 50));
        table.add(sized("d", 51));
        assertThat(table.get(FIRST_DYNAMIC).name()).isEqualTo("d");
        assertThat(table.get(FIRST_DYNAMIC + 1).name()).isEqualTo("c");
        assertThatThrownBy(() -> table.get(FIRST_DYNAMIC + 2)).hasMessageContaining("index 64");
    }

    @Test
    void anEntryLargerThanTheTableEmptiesIt() {
        HpackTable table = new HpackTable(100);
        table.add(sized("a", 50));
        table.add(sized("b", 101));
        assertThatThrownBy(() -> table.get(FIRST_DYNAMIC)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void shrinkingEvictsAndGrowingIsLimited() throws Exception {
        HpackTable table = new HpackTable(100);
        table.add(sized("a", 50));
        table.add(sized("b", 50));
        table.resize(50);
        assertThat(table.get(FIRST_DYNAMIC).name()).isEqualTo("b");
        assertThatThrownBy(() -> table.get(FIRST_DYNAMIC + 1)).isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> table.resize(101)).hasMessageContaining("101").hasMessageContaining("100");
    }

    @Test
    void indexZeroIsNoEntry() {
        assertThatThrownBy(() -> new HpackTable(100).get(0)).hasMessageContaining("index 0");
    }
}
