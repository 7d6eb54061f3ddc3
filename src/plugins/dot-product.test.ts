import { expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { dotProduct } from "./dot-product.ts";

it("prefers nodes whose free resources are unlike the request", () => {
  const { cluster, row } = drawCluster(`
node  cpu   memory
used  2/4   2Gi/8Gi
empty 0/4   0/8Gi
`);
  const requests = { cpu: "1", memory: "2Gi" };
  const cycle = cycleFor(cluster, {
    name: "p",
    object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } },
  });
  // 1 - (1/2 * 1/4 + 3/4 * 1/4) / 2 and 1 - (1/4 + 1/4) / 2.
  expect(scoresOf(dotProduct, cycle, [row("used"), row("empty")])?.raw).toEqual([84, 75]);
});
