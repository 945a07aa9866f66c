package io.github.hc5.utls.config;

/**
 * A value in force and where it comes from.
 *
 * @param key whose value it is
 * @param name the key's name, with what the user named in it
 * @param text as it would stand in a file; {@code ***} for a secret
 * @param origin where it was set
 */
public record ConfigValue(ConfigKey<?> key, String name, String text, Origin origin) {}
