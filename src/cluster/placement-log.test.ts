import { describe, expect, it } from "vitest";
import { Cluster } from "./cluster.ts";
import { PlacementLog } from "./placement-log.ts";

const kind = new Cluster().kind({ name: "p", object: { kind: "Pod" } });

describe("PlacementLog", () => {
  it("tells who came and who left, in order, as far back as it reaches", () => {
    const log = new PlacementLog(4);
    for (let node = 0; node < 5; node++) log.append(kind, node, true);
    log.append(kind, 0, false);
    expect([log.start, log.end]).toEqual([2, 6]);
    const told: (readonly [number, number])[] = [];
    const reader = { count: (_: unknown, node: number, sign: 1 | -1) => told.push([node, sign]) };
    for (let position = log.start; position < log.end; position++) log.replay(position, reader);
    expect(told).toEqual([
      [2, 1],
      [3, 1],
      [4, 1],
      [0, -1],
    ]);
  });
});
