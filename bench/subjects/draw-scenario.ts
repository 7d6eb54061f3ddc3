import { drawScenario } from "../../src/workload/draw-scenario.ts";
import { openbWorkload } from "../sample-clusters.ts";
import type { Subject } from "../subject.ts";

export const drawScenarioSubject: Subject = {
  name: "draw a scenario, openb filled to 130 %",
  unit: "pod",
  async prepare(size) {
    const workload = await openbWorkload(size);
    return {
      units: drawScenario(workload, 42).pods.count,
      run: () => drawScenario(workload, 42).pods.template,
    };
  },
};
