/** The impersonator library's client, for the comparison. */
@NullMarked
package io.github.hc5.utls.bench.impersonator;

import org.jspecify.annotations.NullMarked;
