package io.github.hc5.utls.spring;

import java.io.IOException;

/** The file that {@code httpclient5.utls.config} names cannot be read. */
final class InvalidConfigFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String location;

    InvalidConfigFileException(String location, IOException cause) {
        super(
                "httpclient5.utls.config is '" + location + "', must be a TOML file that can be read: "
                        + cause.getMessage(),
                cause);
        this.location = location;
    }

    String location() {
        return location;
    }
}
