import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { defaultPreemption } from "../plugins/default-preemption.ts";
import type { Plugin, PostFilterCycle } from "../scheduler/plugin.ts";
import { arbitraryCrowdedCluster } from "../testing/arbitrary-preemption.ts";
import { type PlantedMistake, withMistake } from "../testing/planted-mistake.ts";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { recordWithReference } from "./reference-replay.ts";
import { replayCase } from "./replay-case.ts";

const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));
const FAMILIES = ["default-preemption", "nominated-pods"];

/** Preemption as it would be for another cycle. */
const cycle =
  (change: (cycle: PostFilterCycle) => PostFilterCycle) =>
  ({ postFilter, ...plugin }: Plugin): Plugin => ({
    ...plugin,
    ...(postFilter && { postFilter: (from) => postFilter(change(from)) }),
  });

/** In a cluster of which something else is true. */
const cluster = (change: (cluster: PostFilterCycle["cluster"]) => Partial<PostFilterCycle["cluster"]>) =>
  cycle((from) => {
    const { cluster: known } = from;
    return {
      ...from,
      cluster: {
        podsOn: (node) => known.podsOn(node),
        portsOn: (node) => known.portsOn(node),
        nodeOf: (row) => known.nodeOf(row),
        devicesOf: (row) => known.devicesOf(row),
        kindOf: (row) => known.kindOf(row),
        startTimeOf: (row) => known.startTimeOf(row),
        kinds: known.kinds,
        objects: known.objects,
        ...change(known),
      },
    };
  });

const mistakes: readonly Omit<PlantedMistake, "plugin">[] = [
  {
    name: "disruption budgets are not looked at",
    change: cluster(({ objects }) => ({ objects: { ...objects, podDisruptionBudgets: [] } })),
  },
  {
    name: "a pod that a budget lists as disrupted is charged again",
    change: cluster(({ objects }) => ({
      objects: {
        ...objects,
        podDisruptionBudgets: objects.podDisruptionBudgets.map(({ status, ...budget }) => {
          const { disruptedPods: _, ...rest } = status ?? {};
          return { ...budget, status: rest };
        }),
      },
    })),
  },
  { name: "it does not matter how long pods have run", change: cluster(() => ({ startTimeOf: () => 0 })) },
  {
    name: "preemptionPolicy Never is ignored",
    change: cycle(({ pod, ...from }) => {
      const { preemptionPolicy: _, ...spec } = pod.spec;
      return { ...from, pod: { ...pod, spec } };
    }),
  },
  {
    name: "a victim on its way out does not hold the pod back",
    change: cycle((from) => ({ ...from, nominatedNode: -1 })),
  },
  {
    name: "the first candidate is enough",
    change: () => defaultPreemption({ minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 1 }),
  },
  {
    name: "nominations of less important pods stay",
    change: cycle((from) => ({ ...from, nominatedBelow: () => [] })),
  },
];

/** Random clusters, recorded by the reference: the committed recordings have no pod that is disrupted and chargeable. */
function drawn(): RecordedCase[] {
  return fc.sample(arbitraryCrowdedCluster, { numRuns: 100, seed: 7 }).map(({ objects, pods }, i) => {
    const recorded: RecordedCase = {
      id: `random-${i}`,
      family: "random",
      config: {},
      objects,
      pods,
      expected: [],
    };
    return { ...recorded, expected: recordWithReference(recorded) };
  });
}

async function committed(): Promise<RecordedCase[]> {
  const files = await Promise.all(FAMILIES.map((family) => readCases(`${SUBSET}${family}.jsonl.gz`)));
  return files.flat().flatMap((line) => (isQueueScript(line) ? [] : [line]));
}

/** The first difference between the recordings and preemption with a mistake in it. */
function firstDifference(
  cases: readonly RecordedCase[],
  change: (plugin: Plugin) => Plugin,
): string | undefined {
  for (const recorded of cases) {
    const [profile] = profilesFromCase(recorded.config, recorded.gates);
    const mistaken = withMistake(profile, { name: "", plugin: "DefaultPreemption", change });
    for (const { differences } of replayCase(recorded, mistaken)) {
      if (differences.length > 0) return `${recorded.id}: ${differences[0].text}`;
    }
  }
  return undefined;
}

describe("mistakes planted in preemption", () => {
  const cases = committed().then((recorded) => [...recorded, ...drawn()]);

  it("are the only difference from recordings and the reference: the wrapping alone changes nothing", async () => {
    expect(
      firstDifference(
        await cases,
        cluster(() => ({})),
      ),
    ).toBeUndefined();
  });

  it.each(mistakes)("are found: DefaultPreemption: $name", async ({ change }) => {
    expect(firstDifference(await cases, change!)).toBeDefined();
  });
});
