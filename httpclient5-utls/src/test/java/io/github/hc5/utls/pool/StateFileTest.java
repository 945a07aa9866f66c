package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state as text and in a file. */
class StateFileTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws Exception {
        PoolState state = States.full();
        assertThat(StateFormat.read(StateFormat.write(state))).isEqualTo(state);
        PoolState empty = States.numbered(0);
        assertThat(StateFormat.read(StateFormat.write(empty))).isEqualTo(empty);
    }

    @Test
    void aTextCutOffAnywhereIsKnownAsSuch() {
        String text = StateFormat.write(States.full());
        for (int length = 0; length < text.length(); length++) {
            String part = text.substring(0, length);
            assertThatThrownBy(() -> StateFormat.read(part))
                    .as("the first %d characters", length)
                    .isInstanceOf(StateFormatException.class);
        }
    }

    @Test
    void aTextChangedAnywhereIsKnownAsSuch() {
        byte[] bytes = StateFormat.write(States.full()).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 + random.nextInt(127));
            String text = new String(changed, StandardCharsets.UTF_8);
            assertThatThrownBy(() -> StateFormat.read(text)).as("byte %d", i).isInstanceOf(StateFormatException.class);
        }
    }

    @Test
    void anotherVersionIsRefusedByName() {
        assertThatThrownBy(() -> StateFormat.read("utls-state\t2\nend\t1\t00000000\n"))
                .hasMessage("line 1: version 2 is not known, only 1");
    }

    @Test
    void aFileIsReplacedAndRead() throws Exception {
        Path file = folder.resolve("deep/er/state");
        StateFile store = new StateFile(file);
        assertThat(store.load()).isNull();
        store.save(States.full());
        store.save(States.numbered(7));

        assertThat(new StateFile(file).load()).isEqualTo(States.numbered(7));
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aDamagedFileIsSetAside() throws Exception {
        Path file = folder.resolve("state");
        Files.writeString(file, "not a state\n");
        StateFile store = new StateFile(file);

        assertThat(store.load()).isNull();
        assertThat(folder.resolve("state.damaged")).hasContent("not a state\n");
        assertThat(file).doesNotExist();
        store.save(States.full());
        assertThat(store.load()).isEqualTo(States.full());
    }

    @Test
    void whatADeadProcessLeftBesideTheFileDoesNoHarm() throws Exception {
        Path file = folder.resolve("state");
        StateFile store = new StateFile(file);
        store.save(States.numbered(1));
        Files.writeString(folder.resolve("state.new"), "x".repeat(100_000));

        assertThat(store.load()).isEqualTo(States.numbered(1));
        store.save(States.numbered(2));
        assertThat(store.load()).isEqualTo(States.numbered(2));
    }

    @Test
    void aFolderInThePlaceOfTheFileIsAnErrorThatNamesIt() throws Exception {
        Path file = folder.resolve("state");
        Files.createDirectories(file.resolve("inside"));
        StateFile store = new StateFile(file);
        assertThatThrownBy(store::load).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.save(States.full()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void twoWritersDoNotMixTheirStates() throws Exception {
        StateFile store = new StateFile(folder.resolve("state"));
        try (FileChannel other = FileChannel.open(
                        folder.resolve("state.new"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> store.save(States.full())).isInstanceOf(IOException.class);
        }
        store.save(States.full());
        assertThat(store.load()).isEqualTo(States.full());
    }
}
