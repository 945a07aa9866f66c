/** The catalogue against what is recorded of the browsers, and every profile against every server. */
@NullMarked
package io.github.hc5.utls.it.catalogue;

import org.jspecify.annotations.NullMarked;
