/** One runnable class for each promise of the README. */
@NullMarked
package io.github.hc5.utls.samples.start;

import org.jspecify.annotations.NullMarked;
