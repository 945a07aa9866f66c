package io.github.hc5.utls.pool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool's state in a file. A new state is written beside the file, forced to the disk, and then put in its place in one
 * step, so that a reader finds the old one or the new one whatever dies when. A file that cannot be understood is renamed
 * to {@code NAME.damaged} and does not keep the pool from starting.
 */
public final class StateFile implements StateStore {

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final Path file;
    private final Path fresh;
    private final Path folder;

    /** @param file in a folder that can be written to; the folder is made if there is none */
    public StateFile(Path file) {
        this.file = file.toAbsolutePath();
        this.fresh = this.file.resolveSibling(this.file.getFileName() + ".new");
        Path parent = this.file.getParent();
        this.folder = parent != null ? parent : this.file.getRoot();
    }

    @Override
    public @Nullable PoolState load() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            return StateFormat.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (StateFormatException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            LOG.warn("the state in {} is not used and set aside as {}: {}", file, aside.getFileName(), e.getMessage());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return null;
        }
    }

    /**
     * Replaces the state.
     *
     * @throws IOException if the file cannot be written, or another process is writing it
     */
    @Override
    public void save(PoolState state) throws IOException {
        Files.createDirectories(folder);
        byte[] bytes = StateFormat.write(state).getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new IOException(fresh + " is being written by another process");
            }
            // not before it is ours
            channel.truncate(0);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (OverlappingFileLockException e) {
            throw new IOException(fresh + " is being written by another pool", e);
        }
        forceFolder();
    }

    /** Without this the new name may be lost with the power; not every system can do it. */
    private void forceFolder() {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("{} cannot be forced to the disk: {}", folder, e.toString());
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
