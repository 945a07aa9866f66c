/** The whole: the clients of {@code Utls} against the mirror. */
@NullMarked
package io.github.hc5.utls.it.whole;

import org.jspecify.annotations.NullMarked;
