package io.github.hc5.utls.samples.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path ROOT = Path.of("..");

    @Test
    void eachBlockOfJavaIsFromAClassThatRuns() throws IOException {
        List<String> blocks = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<String> examples = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("samples/src/main/java/io/github/hc5/utls/samples/start"))) {
            files.forEach(file -> examples.add(dense(read(file))));
        }
        assertThat(blocks).isNotEmpty();
        assertThat(blocks)
                .allSatisfy(block -> assertThat(examples)
                        .anySatisfy(example -> assertThat(statements(block))
                                .allSatisfy(statement -> assertThat(example).contains(statement))));
    }

    private static List<String> statements(String block) {
        return Stream.of(block.replaceAll("(?m)//.*$", "").split(";", -1))
                .map(ReadmeTest::dense)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dense(String code) {
        return code.replaceAll("\\s+", "");
    }
}
