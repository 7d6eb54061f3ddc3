import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Device } from "../../kubernetes/device-object.ts";
import { deviceMatches } from "./device-selector.ts";

interface Recorded {
  readonly expression: string;
  /** Which of the devices below. */
  readonly device: number;
  /** Whether kube-scheduler took the device, or its text from `CEL ` on. */
  readonly verdict: unknown;
}

const recordings = new URL("../../decisions/testdata/further-cel.jsonl", import.meta.url);
const cases = readFileSync(recordings, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

const devices: readonly Device[] = [
  device("x1", 2, "1.2.3", "16Gi", undefined),
  device("x2", 3, "2.0.0-rc.1", "40G", true),
  device("y", 0, "1.10.0", "8Gi", false),
];

function device(model: string, gen: number, ver: string, memory: string, fast: boolean | undefined): Device {
  return {
    name: "d0",
    attributes: {
      model: { string: model },
      gen: { int: gen },
      ver: { version: ver },
      ...(fast === undefined ? {} : { fast: { bool: fast } }),
    },
    capacity: { memory: { value: memory } },
  };
}

it("judges every recorded expression as kube-scheduler v1.37.2 does, down to the text of its errors", () => {
  expect(cases.length).toBeGreaterThan(400);
  for (const { expression, device: index, verdict } of cases) {
    expect(deviceMatches(expression, devices[index], "gpu.acme.io"), expression).toEqual(verdict);
  }
});
