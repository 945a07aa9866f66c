package io.github.hc5.utls.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class RequirementTest {

    @TempDir
    Path directory = Path.of("");

    @Test
    void findsTheProgram() throws IOException {
        Path program = Files.createFile(directory.resolve("nginx"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(Requirement.NGINX.executable(List.of(directory), "nginx")).isEqualTo(program);
    }

    @Test
    void skipsWithTheInstallCommandWhereTheProgramIsMissing() {
        assertThatThrownBy(() -> Requirement.NGINX.executable(List.of(directory), ""))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("apt-get install nginx-light");
        assertThatThrownBy(() -> Requirement.NGINX.executable(List.of(directory), "openssl"))
                .isInstanceOf(TestAbortedException.class);
    }

    @Test
    void failsWhereTheMissingProgramIsRequired() {
        assertThatThrownBy(() -> Requirement.NGINX.executable(List.of(directory), "openssl, nginx"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nginx is not installed")
                .hasMessageContaining("UTLS_REQUIRE");
    }

    @Test
    void refusesARequirementItDoesNotKnow() {
        assertThatThrownBy(() -> Requirement.NGINX.executable(List.of(directory), "ngnix"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ngnix")
                .hasMessageContaining("haproxy, nginx, openssl");
    }
}
