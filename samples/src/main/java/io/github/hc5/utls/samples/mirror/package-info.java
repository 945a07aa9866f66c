/**
 * The mirror server: TLS, HTTP/2 and HTTP/1.1 on loopback that records what each client puts on the wire (ClientHello,
 * record sizes, HTTP/2 frames, header blocks) and answers every request with the fingerprints it computed from it.
 *
 * <p>{@link io.github.hc5.utls.samples.mirror.MirrorServer} is the entry.
 */
@NullMarked
package io.github.hc5.utls.samples.mirror;

import org.jspecify.annotations.NullMarked;
