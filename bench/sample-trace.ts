import { shippedProfile } from "../src/plugins/profiles.ts";
import { simulate } from "../src/simulation/simulate.ts";
import type { Trace } from "../src/trace/trace.ts";
import { drawScenario } from "../src/workload/draw-scenario.ts";
import { openbWorkload } from "./sample-clusters.ts";
import type { Size } from "./size.ts";

/** The trace of the default policy on openb. */
export async function openbTrace(size: Size): Promise<Trace> {
  return simulate({
    scenario: drawScenario(await openbWorkload(size), 42),
    profile: shippedProfile("default"),
    seed: 42,
    names: { workload: "openb", as: "fill:130%", version: "" },
  });
}
