/** What the benchmarks need of the library's package of this name and is not public there. */
@NullMarked
package io.github.hc5.utls.tls;

import org.jspecify.annotations.NullMarked;
