import type { PodAffinityTerm } from "../kubernetes/affinity.ts";
import { type Change, pointer } from "./smallest-change-apply.ts";
import { setLabel } from "./smallest-change-labels.ts";
import { type Complaint, fewest, resolves } from "./smallest-change-trial.ts";

/** Values of one label that are tried on a node: those of other nodes, so many at most. */
const MOST_VALUES = 16;

/** Skews raised as little as will do, constraints softened, or the node's missing label of a topology. */
export function spreadRemedies(complaint: Complaint): Change[][] {
  const { pod, trials } = complaint;
  const hard = (pod.spec?.topologySpreadConstraints ?? []).flatMap((constraint, place) =>
    constraint.whenUnsatisfiable === "ScheduleAnyway" ? [] : [{ ...constraint, place }],
  );
  const soften = hard.map(({ topologyKey = "", place }): Change => {
    const field = pointer("spec", "topologySpreadConstraints", place, "whenUnsatisfiable");
    const words = `make the spreading over ${topologyKey} a preference (ScheduleAnyway)`;
    return {
      kind: "edit-pod",
      subject: `pod ${trials.pod}`,
      field,
      from: "DoNotSchedule",
      to: "ScheduleAnyway",
      words,
      share: 1.5,
    };
  });
  const raised = hard.flatMap(({ place, topologyKey = "", maxSkew = 1 }) => {
    const to = leastSkew(complaint, place, topologyKey, maxSkew);
    return to === undefined ? [] : [[raiseSkew(trials.pod, place, topologyKey, maxSkew, to)]];
  });
  const labelled = hard.flatMap(({ topologyKey }) => topologyLabels(complaint, topologyKey));
  return [...raised, ...labelled, ...fewest(complaint, soften)];
}

function raiseSkew(pod: string, place: number, key: string, from: number, to: number): Change {
  const field = pointer("spec", "topologySpreadConstraints", place, "maxSkew");
  const words = `allow a skew of ${to} instead of ${from} over ${key}`;
  return { kind: "edit-pod", subject: `pod ${pod}`, field, from, to, words, share: (to - from) / to };
}

/** The smallest skew of one constraint with which all of them hold, by halving; undefined when none is enough. */
function leastSkew(complaint: Complaint, place: number, key: string, now: number): number | undefined {
  const { trials } = complaint;
  const enough = (skew: number) => resolves(complaint, [raiseSkew(trials.pod, place, key, now, skew)]);
  let high = now + trials.objects.pods.length + 1;
  if (!enough(high)) return undefined;
  let low = now;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Values of a topology's label, as other nodes have them, with which the node would do. */
function topologyLabels(complaint: Complaint, key: string | undefined): Change[][] {
  if (key === undefined || key === "kubernetes.io/hostname") return [];
  const { name = "", labels = {} } = complaint.node.metadata ?? {};
  const own = labels[key];
  const values = new Set(
    complaint.trials.objects.nodes.flatMap(({ metadata }) => metadata?.labels?.[key] ?? []),
  );
  for (const value of [...values].slice(0, MOST_VALUES)) {
    if (value === own) continue;
    const change = setLabel(name, key, own ?? null, value);
    if (resolves(complaint, [change])) return [[change]];
  }
  return [];
}

/** Terms that the pod may drop, labels for which others avoid it, or the node's label of a topology. */
export function podAffinityRemedies(complaint: Complaint): Change[][] {
  const { pod, trials } = complaint;
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const attract = podAffinity?.[required] ?? [];
  const repel = podAntiAffinity?.[required] ?? [];
  const drop = (which: "podAffinity" | "podAntiAffinity", terms: readonly PodAffinityTerm[]): Change[] =>
    terms
      .map(({ topologyKey = "" }, i): Change => {
        const field = pointer("spec", "affinity", which, required, i);
        const what = which === "podAffinity" ? "affinity" : "anti-affinity";
        const words = `drop the required ${what} to pods over ${topologyKey}${terms.length > 1 ? ` (term ${i + 1})` : ""}`;
        return {
          kind: "edit-pod",
          subject: `pod ${trials.pod}`,
          field,
          from: topologyKey,
          to: null,
          words,
          share: 1.5,
        };
      })
      .reverse();
  const unlabel = Object.entries(pod.metadata?.labels ?? {}).map(([key, value]): Change => {
    const words = `remove the label ${key}=${value} from the pod`;
    const field = pointer("metadata", "labels", key);
    return {
      kind: "edit-pod",
      subject: `pod ${trials.pod}`,
      field,
      from: value,
      to: null,
      words,
      share: 1.5,
    };
  });
  return [
    ...attract.flatMap(({ topologyKey }) => topologyLabels(complaint, topologyKey)),
    ...fewest(complaint, [...drop("podAffinity", attract), ...drop("podAntiAffinity", repel)]),
    ...fewest(complaint, unlabel),
  ];
}
