/** Integration tests: the library against real servers, hostile peers and its own promises. */
@NullMarked
package io.github.hc5.utls.it;

import org.jspecify.annotations.NullMarked;
