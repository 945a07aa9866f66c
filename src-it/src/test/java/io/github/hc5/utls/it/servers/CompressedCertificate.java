package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;

/**
 * The fields of a CompressedCertificate message (RFC 8879 section 4).
 *
 * @param algorithm the algorithm's code point
 * @param uncompressedLength the length that the server claims
 * @param compressed the compressed Certificate message
 */
public record CompressedCertificate(int algorithm, int uncompressedLength, Octets compressed) {}
