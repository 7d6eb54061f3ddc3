import fc from "fast-check";
import { expect, it } from "vitest";
import { addressText, CelAddress, CelNetwork } from "./address-values.ts";

it.each([
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["::", "::"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["10.0.0.1", "10.0.0.1"],
])("writes %s as RFC 5952 does: %s", (text, canonical) => {
  expect(addressText(CelAddress.parse(text))).toBe(canonical);
});

it("always reads back what it writes of an address", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.bigInt(2n ** 49n, 2n ** 128n - 1n)), (drawn) => {
      const address = typeof drawn === "string" ? CelAddress.parse(drawn) : new CelAddress(6, drawn);
      expect(CelAddress.parse(addressText(address)).compareTo(address)).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it("always finds an address in every network that is masked from it", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat({ max: 32 }), (text, length) => {
      const address = CelAddress.parse(text);
      expect(new CelNetwork(address, length).masked().contains(address)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
