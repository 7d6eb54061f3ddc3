import { minMaxNormalizeScore } from "../scheduler/normalize.ts";
import { definePlugin } from "../scheduler/plugin.ts";
import { packedResources } from "./scoring/packed-resources.ts";

/**
 * Best fit over two resources: the less would be left on the node, relative to the greatest node, the better.
 * `trunc(100 * (1 - (left_1 / greatest_1 * 0.5 + left_2 / greatest_2 * 0.5)))`, then spread over 0..100
 * (the BestFit of the published GPU experiments, Weng et al., USENIX ATC '23).
 */
export const bestFit = definePlugin({
  name: "BestFit",
  reads: "nodes",
  score(cycle) {
    const [a, b] = packedResources(cycle);
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) {
        const node = rows[i];
        const leftA = a.allocatable[node] - a.requested[node] - a.request;
        const leftB = b.allocatable[node] - b.requested[node] - b.request;
        scores[i] = Math.trunc(100 * (1 - ((leftA / a.greatest) * 0.5 + (leftB / b.greatest) * 0.5)));
      }
    };
  },
  normalizeScore: minMaxNormalizeScore(0),
  eventsToRegister: [],
});
