import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device } from "../../kubernetes/device-object.ts";
import { deviceMatches } from "./device-selector.ts";

const DRIVER = "gpu.example.com";
const device: Device = {
  name: "dev-1",
  attributes: {
    size: { string: "large" },
    index: { int: 3 },
    healthy: { bool: true },
    firmware: { version: "1.10.2-rc.1" },
    "other.example.com/zone": { string: "a" },
  },
  capacity: { memory: { value: "40Gi" }, share: { value: "1500m" } },
};

function matches(expression: string): unknown {
  return deviceMatches(expression, device, DRIVER);
}

const own = `device.attributes["${DRIVER}"]`;
const memory = `device.capacity["${DRIVER}"].memory`;

describe("deviceMatches", () => {
  it.each([
    [`device.driver == "${DRIVER}"`, true],
    [`${own}.size == "large" && ${own}.index == 3 && ${own}.healthy`, true],
    [`${own}.size in ["small", "medium"]`, false],
    [`device.attributes["other.example.com"].zone.startsWith("a")`, true],
    [`"zone" in device.attributes["other.example.com"] && !("zone" in ${own})`, true],
    [`cel.bind(mine, ${own}, mine.healthy && mine.size.matches("^l"))`, true],
    [`device.allowMultipleAllocations`, false],
  ])("reads attributes: %s", (expression, expected) => {
    expect(matches(expression)).toBe(expected);
  });

  it.each([
    [`${memory}.compareTo(quantity("20Gi")) >= 0`, true],
    [`${memory}.isGreaterThan(quantity("40960Mi"))`, false],
    [`${memory} == quantity("40960Mi")`, true],
    [`${memory}.isLessThan(quantity("1Ti"))`, true],
    [`${memory}.sub(quantity("39Gi")).asInteger() == 1073741824`, true],
    [`device.capacity["${DRIVER}"].share.isInteger()`, false],
    [`device.capacity["${DRIVER}"].share.add(1).asApproximateFloat() == 2.5`, true],
    [`isQuantity("3Qi") || !isQuantity("3Gi")`, false],
  ])("knows quantities: %s", (expression, expected) => {
    expect(matches(expression)).toBe(expected);
  });

  it.each([
    [`${own}.firmware.major() == 1 && ${own}.firmware.minor() == 10 && ${own}.firmware.patch() == 2`, true],
    [`${own}.firmware.isLessThan(semver("1.10.2"))`, true],
    [`${own}.firmware.isGreaterThan(semver("1.9.9"))`, true],
    [`${own}.firmware.compareTo(semver("1.10.2-rc.1+build")) == 0`, true],
    [`semver("v1.2", true) == semver("1.2.0")`, true],
    [`isSemver("v1.2") || isSemver("01.2.3")`, false],
  ])("knows versions: %s", (expression, expected) => {
    expect(matches(expression)).toBe(expected);
  });

  it.each([
    [`has(${own}.size)`, true],
    [`has(${own}.absent) && ${own}.absent == 1`, false],
    [`has(device.attributes["gone.example.com"].size)`, false],
    [`${own}.?absent.orValue("none") == "none"`, true],
    [`"has(x)" == "has" + "(x)"`, true],
  ])("guards optional fields: %s", (expression, expected) => {
    expect(matches(expression)).toBe(expected);
  });

  it("tells with upstream's text that a key is missing", () => {
    expect(matches(`device.capacity["${DRIVER}"].cores.compareTo(quantity("1")) > 0`)).toEqual({
      problem:
        "CEL runtime error: no such key: cores. consider using CEL optional chaining (.? followed by orValue()) or guarding the check with has() for optional fields",
    });
  });

  it.each([
    [`${own}.size`, "CEL result of type string could not be converted to bool"],
    [`${own}.index`, "CEL result of type int could not be converted to bool"],
    [`${own}.size > 1`, "CEL runtime error: no such overload"],
    [`"text"`, "CEL compile error: must evaluate to bool or the unknown type, not string"],
    ["device.driver ==", "CEL compile error: compilation failed"],
  ])("tells what is wrong with %s", (expression, problem) => {
    expect((matches(expression) as { problem: string }).problem).toContain(problem);
  });

  it("reads the same attributes under the name of another driver", () => {
    expect(deviceMatches(`${own}.size == "large"`, device, "net.example.com")).not.toBe(true);
    expect(
      deviceMatches(`device.attributes["net.example.com"].size == "large"`, device, "net.example.com"),
    ).toBe(true);
  });

  it("always orders versions as their numbers do", () => {
    const number = fc.nat({ max: 20 });
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number, number), (a, b) => {
        const i = a.findIndex((part, place) => part !== b[place]);
        const less = i !== -1 && a[i] < b[i];
        expect(matches(`semver("${a.join(".")}").isLessThan(semver("${b.join(".")}"))`)).toBe(less);
      }),
      { numRuns: 30 },
    );
  });
});
