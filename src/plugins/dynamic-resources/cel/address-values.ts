import { isIPv6 } from "node:net";

const BITS = { 4: 32, 6: 128 } as const;

/** An IP address as Go's `netip.Addr`, without zones and IPv4 mapped into IPv6, which Kubernetes does not let in. */
export class CelAddress {
  readonly family: 4 | 6;
  readonly number: bigint;
  readonly bytes: readonly number[];

  constructor(family: 4 | 6, number: bigint) {
    const count = BITS[family] / 8;
    this.family = family;
    this.number = number;
    this.bytes = Array.from({ length: count }, (_, i) =>
      Number((number >> BigInt(8 * (count - 1 - i))) & 255n),
    );
  }

  /** @throws Error with the text of upstream's `ip()` */
  static parse(text: string): CelAddress {
    const problem = (why: string) =>
      new Error(
        `IP Address ${quoted(text)} parse error during conversion from string: ParseAddr(${quoted(text)}): ${why}`,
      );
    if (text.includes(":")) {
      if (text.includes("%")) throw new Error(`IP address ${quoted(text)} with zone value is not allowed`);
      const number = isIPv6(text) ? sixteenBytes(text) : undefined;
      if (number === undefined) throw problem("unable to parse IP");
      if (number >> 32n === 0xffffn) {
        throw new Error(`IPv4-mapped IPv6 address ${quoted(text)} is not allowed`);
      }
      return new CelAddress(6, number);
    }
    if (!text.includes(".")) throw problem("unable to parse IP");
    const parts = text.split(".");
    for (const part of parts) {
      if (/[^0-9]/.test(part)) throw problem("unexpected character");
      if (part === "") throw problem("IPv4 field must have at least one digit");
      if (part.length > 1 && part.startsWith("0")) throw problem("IPv4 field has octet with leading zero");
      if (Number(part) > 255) throw problem("IPv4 field has value >255");
    }
    if (parts.length < 4) throw problem("IPv4 address too short");
    if (parts.length > 4) throw problem("IPv4 address too long");
    return new CelAddress(4, fourBytes(parts));
  }

  compareTo(other: CelAddress): number {
    if (this.family !== other.family) return this.family - other.family;
    return this.number < other.number ? -1 : this.number > other.number ? 1 : 0;
  }
}

/** An address and the length of its prefix, as Go's `netip.Prefix`. */
export class CelNetwork {
  readonly address: CelAddress;
  readonly length: number;

  constructor(address: CelAddress, length: number) {
    this.address = address;
    this.length = length;
  }

  /** @throws Error with the text of upstream's `cidr()` */
  static parse(text: string): CelNetwork {
    const problem = (why: string) => {
      const step = "network address parse error during conversion from string";
      return new Error(`${step}: ${step}: netip.ParsePrefix(${quoted(text)}): ${why}`);
    };
    const slash = text.lastIndexOf("/");
    if (slash === -1) throw problem("no '/'");
    const address = CelAddress.parse(text.slice(0, slash));
    const bits = text.slice(slash + 1);
    if (!/^(0|[1-9]\d*)$/.test(bits)) throw problem(`bad bits after slash: ${quoted(bits)}`);
    if (Number(bits) > BITS[address.family]) throw problem("prefix length out of range");
    return new CelNetwork(address, Number(bits));
  }

  contains(address: CelAddress): boolean {
    const rest = BigInt(BITS[this.address.family] - this.length);
    return this.address.family === address.family && this.address.number >> rest === address.number >> rest;
  }

  masked(): CelNetwork {
    const { family, number } = this.address;
    const rest = BigInt(BITS[family] - this.length);
    return new CelNetwork(new CelAddress(family, (number >> rest) << rest), this.length);
  }

  compareTo(other: CelNetwork): number {
    return this.length - other.length || this.address.compareTo(other.address);
  }
}

/** The canonical text: RFC 5952 for IPv6. */
export function addressText({ family, number, bytes }: CelAddress): string {
  if (family === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((number >> BigInt(16 * (7 - i))) & 0xffffn).toString(16),
  );
  const [longest = ""] = [...groups.join(":").matchAll(/(?<![^:])0(?::0)+(?![^:])/g)]
    .map(([zeros]) => zeros)
    .sort((a, b) => b.length - a.length);
  const text = groups.join(":");
  if (longest === "") return text;
  const place = text.search(new RegExp(`(?<![^:])${longest}(?![^:])`));
  return `${text.slice(0, place).replace(/:$/, "")}::${text.slice(place + longest.length).replace(/^:/, "")}`;
}

function fourBytes(parts: readonly string[]): bigint {
  return parts.reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function sixteenBytes(text: string): bigint {
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_whole, ...parts: string[]) => {
    const four = fourBytes(parts.slice(0, 4));
    return `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  });
  const [head = [], tail = []] = plain.split("::").map((side) => (side === "" ? [] : side.split(":")));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].reduce((number, group) => number * 65536n + BigInt(`0x${group}`), 0n);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
