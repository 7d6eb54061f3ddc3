/** Indexes as a set of bits. */
export function bitsOf(devices: readonly number[]): number {
  return devices.reduce((bits, device) => bits | (1 << device), 0);
}
