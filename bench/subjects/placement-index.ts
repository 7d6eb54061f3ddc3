import { type Family, families } from "../families.ts";
import { placementRuns } from "../placement-subject.ts";
import type { Subject } from "../subject.ts";

const all: readonly Family[] = Object.values(families);

export const placementIndexSubjects: readonly Subject[] = all.map((family) => ({
  name: `placement index, ${family.name}`,
  unit: "pod",
  prepare(size) {
    const extent = size === "full" ? { nodes: 5000, pods: 1000 } : { nodes: 200, pods: 50 };
    return placementRuns(family, extent, "index");
  },
}));
