package io.github.hc5.utls.samples.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** A print stream's bytes, without its silence: once its reader is gone, writing fails. Closing it
 * leaves the print stream open. */
final class CheckedOutput extends OutputStream {

    private final PrintStream target;
    private boolean withinLine;

    CheckedOutput(PrintStream target) {
        this.target = target;
    }

    /** Returns whether the last byte written was not the end of a line. */
    boolean isWithinLine() {
        return withinLine;
    }

    @Override
    public void write(int value) throws IOException {
        target.write(value);
        withinLine = (byte) value != '\n';
        check();
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        target.write(source, offset, length);
        withinLine = length == 0 ? withinLine : source[offset + length - 1] != '\n';
        check();
    }

    @Override
    public void flush() throws IOException {
        target.flush();
        check();
    }

    /** {@link PrintStream#checkError} flushes: a pipe's reader sees each piece as it comes. */
    private void check() throws IOException {
        if (target.checkError()) {
            throw new IOException("its reader has gone");
        }
    }
}
