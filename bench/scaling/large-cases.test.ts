import { expect, it } from "vitest";
import { placeMany, simulateMany } from "./large-cases.ts";

const size = { nodes: 50, pods: 500, kinds: 7 };

it("places all pods of a small cluster, twice the same", () => {
  const first = placeMany(size);
  expect(first).toMatchObject({ ...size, placed: 500 });
  expect(first.peakRssGiB).toBeGreaterThan(0);
  expect(placeMany(size).digest).toBe(first.digest);
});

it("simulates them to a trace, twice the same", async () => {
  const first = await simulateMany(size);
  expect(first.placed).toBe(500);
  expect(first.events).toBeGreaterThan(500);
  expect(first.traceMiB).toBeGreaterThan(0);
  expect((await simulateMany(size)).digest).toBe(first.digest);
});
