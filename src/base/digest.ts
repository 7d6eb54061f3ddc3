import { createHash } from "node:crypto";

/**
 * The identity of a result: the first 16 hexadecimal digits of SHA-256 over the given bytes, in order. Equal inputs give
 * equal digests on every machine with little-endian typed arrays, whatever the number of threads.
 */
export function digest(...parts: readonly (ArrayBufferView | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(
      typeof part === "string" ? part : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
    );
  }
  return hash.digest("hex").slice(0, 16);
}
