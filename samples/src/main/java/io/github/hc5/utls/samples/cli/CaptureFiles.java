package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.CaptureFormatException;
import io.github.hc5.utls.fingerprint.CapturedHellos;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the captures that a command line names. */
final class CaptureFiles {

    private CaptureFiles() {}

    /**
     * Returns the hellos of all files, in their order.
     *
     * @throws CliException if a file cannot be read, or has no hello
     */
    static List<ClientHelloMessage> hellos(List<Path> files) {
        List<ClientHelloMessage> hellos = new ArrayList<>();
        for (Path file : files) {
            try {
                hellos.addAll(CapturedHellos.read(bytes(file)));
            } catch (CaptureFormatException e) {
                throw CliException.usage(file + ": " + OneLine.of(e), e);
            }
        }
        return hellos;
    }

    static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > CapturedHellos.MAX_FILE_LENGTH) {
                throw CliException.usage(file + " has more than " + (CapturedHellos.MAX_FILE_LENGTH >> 20)
                        + " MiB: cut the capture down");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CliException.usage("no such file: " + file, e);
        } catch (IOException e) {
            throw CliException.usage("cannot read " + file + ": " + OneLine.of(e), e);
        }
    }
}
