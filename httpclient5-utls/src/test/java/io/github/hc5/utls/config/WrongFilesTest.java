package io.github.hc5.utls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong files and what is said of them, word for word: {@code wrong-files.txt} has each file and, behind a line
 * {@code >>>}, its messages.
 */
class WrongFilesTest {

    private record Wrong(String name, String toml, List<String> messages) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Wrong> files() throws IOException {
        List<Wrong> files = new ArrayList<>();
        for (String block : text().split("(?m)^=== ", -1)) {
            if (!block.isBlank()) {
                String[] parts = block.split("(?m)^>>>\n", 2);
                int end = parts[0].indexOf('\n');
                files.add(new Wrong(
                        parts[0].substring(0, end),
                        parts[0].substring(end + 1),
                        parts.length < 2 ? List.of() : parts[1].lines().toList()));
            }
        }
        return files.stream();
    }

    private static String text() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                WrongFilesTest.class.getResourceAsStream("wrong-files.txt"), "wrong-files.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedWithItsPlaceAndWhatIsAllowed(Wrong file) {
        ConfigException refusal = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigLoader.empty().text("utls.toml", file.toml()).load());

        assertThat(refusal).as("nothing is wrong").isNotNull();
        assertThat(refusal.problems()).containsExactlyElementsOf(file.messages());
        assertThat(refusal).hasMessage(String.join("\n", file.messages()));
    }

    @Test
    void thereAreFortyAndMore() throws IOException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(40);
    }
}
