package io.github.hc5.utls.samples.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is created, or emptied, when the first byte is written: a run that gets no answer leaves what was there
 * alone. Not safe for use by several threads at once.
 */
final class LazyFile extends OutputStream {

    private final Path path;
    private @Nullable OutputStream opened;

    LazyFile(Path path) {
        this.path = path;
    }

    @Override
    public void write(int value) throws IOException {
        open().write(value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        open().write(source, offset, length);
    }

    /** Creates the file if nothing has been written yet: an answer with an empty body makes an empty file. */
    @Override
    public void flush() throws IOException {
        open().flush();
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    private OutputStream open() throws IOException {
        if (opened == null) {
            opened = Files.newOutputStream(path);
        }
        return opened;
    }
}
