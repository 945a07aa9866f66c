/** Clients made from configuration, and what changes of its files do to them. */
@NullMarked
package io.github.hc5.utls.it.config;

import org.jspecify.annotations.NullMarked;
