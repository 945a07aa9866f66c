/** Configuration: every key in one table, the layers that set them, and the settings records that come out. */
@NullMarked
package io.github.hc5.utls.config;

import org.jspecify.annotations.NullMarked;
