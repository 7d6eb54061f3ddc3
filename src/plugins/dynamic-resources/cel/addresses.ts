import type { Environment } from "@marcbachmann/cel-js";
import { addressText, CelAddress, CelNetwork } from "./address-values.ts";
import { namespace } from "./namespace.ts";

const IP = "net.IP";
const CIDR = "net.CIDR";

/** IP addresses and networks: apiserver/pkg/cel/library/ip.go and cidr.go. */
export function addAddresses(environment: Environment): void {
  environment.registerType(IP, { ctor: CelAddress, fields: {} });
  environment.registerType(CIDR, { ctor: CelNetwork, fields: {} });
  addAddress(environment);
  addNetworks(environment);
}

function addAddress(environment: Environment): void {
  const add = (name: string, result: string, run: (address: CelAddress) => unknown) =>
    environment.registerFunction(`${IP}.${name}(): ${result}`, run);
  const starts = ({ bytes }: CelAddress, ...first: readonly number[]) =>
    first.every((byte, i) => bytes[i] === byte);
  const linkLocal = (address: CelAddress) =>
    address.family === 4
      ? starts(address, 169, 254)
      : starts(address, 0xfe) && (address.bytes[1] & 0xc0) === 0x80;
  const loopback = (address: CelAddress) =>
    address.family === 4 ? starts(address, 127) : address.number === 1n;
  const multicast = (address: CelAddress) =>
    address.family === 4 ? address.bytes[0] >> 4 === 0xe : starts(address, 0xff);
  environment.registerFunction(`ip(string): ${IP}`, (text: string) => CelAddress.parse(text));
  environment.registerFunction("isIP(string): bool", (text: string) =>
    succeeds(() => CelAddress.parse(text)),
  );
  environment.registerFunction(`string_(${IP}): string`, addressText);
  environment.registerFunction(
    `${namespace(environment, "ip")}.isCanonical(string): bool`,
    (_: unknown, text: string) => addressText(CelAddress.parse(text)) === text,
  );
  environment.registerOperator(`${IP} == ${IP}`, (a: CelAddress, b: CelAddress) => a.compareTo(b) === 0);
  add("family", "int", ({ family }) => BigInt(family));
  add("isUnspecified", "bool", ({ number }) => number === 0n);
  add("isLoopback", "bool", loopback);
  add("isLinkLocalUnicast", "bool", linkLocal);
  add("isLinkLocalMulticast", "bool", (address) =>
    address.family === 4
      ? starts(address, 224, 0, 0)
      : starts(address, 0xff) && (address.bytes[1] & 0x0f) === 0x02,
  );
  add(
    "isGlobalUnicast",
    "bool",
    (address) =>
      address.number !== 0n &&
      !(address.family === 4 && address.bytes.every((byte) => byte === 255)) &&
      !loopback(address) &&
      !multicast(address) &&
      !linkLocal(address),
  );
}

function addNetworks(environment: Environment): void {
  const add = (signature: string, run: (network: CelNetwork, ...rest: never[]) => unknown) =>
    environment.registerFunction(`${CIDR}.${signature}`, run);
  environment.registerFunction(`cidr(string): ${CIDR}`, (text: string) => CelNetwork.parse(text));
  environment.registerFunction("isCIDR(string): bool", (text: string) =>
    succeeds(() => CelNetwork.parse(text)),
  );
  environment.registerFunction(
    `string_(${CIDR}): string`,
    ({ address, length }: CelNetwork) => `${addressText(address)}/${length}`,
  );
  environment.registerOperator(`${CIDR} == ${CIDR}`, (a: CelNetwork, b: CelNetwork) => a.compareTo(b) === 0);
  add(`containsIP(${IP}): bool`, (network, address: CelAddress) => network.contains(address));
  add("containsIP(string): bool", (network, text: string) => {
    if (!succeeds(() => CelAddress.parse(text))) throw new Error("no such overload");
    return network.contains(CelAddress.parse(text));
  });
  const containsNetwork = (network: CelNetwork, other: CelNetwork) =>
    network.contains(other.address) && network.length <= other.length;
  add(`containsCIDR(${CIDR}): bool`, containsNetwork);
  add("containsCIDR(string): bool", (network, text: string) =>
    containsNetwork(network, CelNetwork.parse(text)),
  );
  add(`ip(): ${IP}`, ({ address }) => address);
  add(`masked(): ${CIDR}`, (network) => network.masked());
  add("prefixLength(): int", ({ length }) => BigInt(length));
}

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
