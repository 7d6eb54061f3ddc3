import { definePlugin } from "../scheduler/plugin.ts";
import { packedResources } from "./scoring/packed-resources.ts";

/**
 * Prefers nodes whose free resources and the pod's request have a small dot product, relative to the greatest node:
 * `trunc(100 * (1 - (free_1 * request_1 + free_2 * request_2) / 2))` (the DotProd of the published GPU experiments,
 * Weng et al., USENIX ATC '23, after Grandl et al., SIGCOMM '14).
 */
export const dotProduct = definePlugin({
  name: "DotProduct",
  reads: "nodes",
  score(cycle) {
    const [a, b] = packedResources(cycle);
    const shareA = a.request / a.greatest;
    const shareB = b.request / b.greatest;
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) {
        const node = rows[i];
        const freeA = (a.allocatable[node] - a.requested[node]) / a.greatest;
        const freeB = (b.allocatable[node] - b.requested[node]) / b.greatest;
        scores[i] = Math.trunc(100 * (1 - (freeA * shareA + freeB * shareB) / 2));
      }
    };
  },
  eventsToRegister: [],
});
