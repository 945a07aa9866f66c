/** What the starter costs or gains against Boot's default: run by the script {@code bench} of this module. */
@NullMarked
package io.github.hc5.utls.spring.bench;

import org.jspecify.annotations.NullMarked;
