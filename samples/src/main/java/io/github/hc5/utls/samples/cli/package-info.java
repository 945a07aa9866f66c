/**
 * The {@code utls} command line: each command parses its options, calls the library as an application would, and prints
 * either lines for people or one JSON object a line.
 */
@NullMarked
package io.github.hc5.utls.samples.cli;

import org.jspecify.annotations.NullMarked;
