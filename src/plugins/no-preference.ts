import { definePlugin } from "../scheduler/plugin.ts";

/**
 * Gives every node the same score, so that the tie rule alone decides. Without any score plugin the search would stop at
 * the first feasible node after its rotating start, which is next-fit.
 */
export const noPreference = definePlugin({
  name: "NoPreference",
  reads: "row",
  score() {
    return ({ length }, scores) => {
      scores.fill(0, 0, length);
    };
  },
  eventsToRegister: [],
});
