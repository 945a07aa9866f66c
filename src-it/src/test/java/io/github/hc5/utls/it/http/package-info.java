/** HTTP as the browsers speak it, against servers of other hands. */
@NullMarked
package io.github.hc5.utls.it.http;

import org.jspecify.annotations.NullMarked;
