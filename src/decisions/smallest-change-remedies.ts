import type { Container } from "../kubernetes/container.ts";
import { tolerates } from "../kubernetes/toleration.ts";
import { type Change, CORDON_TAINT, dropped, pointer, taintText } from "./smallest-change-apply.ts";
import { affinityLabels, selectorEdits } from "./smallest-change-labels.ts";
import { quantityText } from "./smallest-change-requests.ts";
import { podAffinityRemedies, spreadRemedies } from "./smallest-change-topology.ts";
import { type Complaint, fewest } from "./smallest-change-trial.ts";
import { claimRemedies, volumeRemedies } from "./smallest-change-volumes.ts";

type Remedies = (complaint: Complaint) => Change[][];

/** Ways to take a plugin's complaint about one node away, by plugin: each is a set of changes that go together. */
const remediesByPlugin: Readonly<Record<string, Remedies>> = {
  NodeUnschedulable: (complaint) => fewest(complaint, [uncordon(complaint), tolerateCordon(complaint)]),
  TaintToleration: taintRemedies,
  NodeAffinity: (complaint) => [...affinityLabels(complaint), ...fewest(complaint, selectorEdits(complaint))],
  NodePorts: (complaint) => fewest(complaint, portEdits(complaint)),
  NodeResourcesFit: fitRemedies,
  PodTopologySpread: spreadRemedies,
  InterPodAffinity: podAffinityRemedies,
  VolumeBinding: (complaint) => [...claimRemedies(complaint), ...volumeRemedies(complaint)],
  VolumeZone: (complaint) => [...claimRemedies(complaint), ...volumeRemedies(complaint)],
  VolumeRestrictions: (complaint) => [...claimRemedies(complaint), ...volumeRemedies(complaint)],
  NodeVolumeLimits: (complaint) => [...claimRemedies(complaint), ...volumeRemedies(complaint)],
  DynamicResources: (complaint) => fewest(complaint, deviceEdits(complaint)),
  NodeDeclaredFeatures: (complaint) => fewest(complaint, features(complaint)),
};

/** Sets of changes, each of which takes the complaint away; the node may have others. */
export function remediesFor(complaint: Complaint): Change[][] {
  return remediesByPlugin[complaint.fault.plugin]?.(complaint) ?? [];
}

/** Gates that hold the pod back: all must go, the last one first, so that places do not move. */
export function gateRemovals(pod: string, gates: readonly { readonly name?: string }[]): Change[] {
  return gates
    .map(({ name = "" }, i): Change => {
      const field = pointer("spec", "schedulingGates", i);
      const words = `remove the scheduling gate ${name} from the pod`;
      return { kind: "edit-pod", subject: `pod ${pod}`, field, from: name, to: null, words, share: 1 };
    })
    .reverse();
}

function uncordon({ node }: Complaint): Change {
  const { name = "" } = node.metadata ?? {};
  const words = `uncordon node ${name}`;
  return {
    kind: "uncordon",
    subject: `node ${name}`,
    field: "unschedulable",
    from: "true",
    to: "false",
    words,
    share: 1,
  };
}

function tolerateCordon({ trials }: Complaint): Change {
  return tolerate(trials.pod, CORDON_TAINT);
}

function tolerate(pod: string, taint: string): Change {
  const words = `let the pod tolerate the taint ${taint.replace("=:", ":")}`;
  return { kind: "tolerate", subject: `pod ${pod}`, field: taint, from: null, to: taint, words, share: 1 };
}

function taintRemedies(complaint: Complaint): Change[][] {
  const { trials, node, pod } = complaint;
  const { name = "" } = node.metadata ?? {};
  const tolerations = pod.spec?.tolerations ?? [];
  const forbidding = (node.spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  const texts = [...new Set(forbidding.map(taintText))];
  const remove = texts.map((taint): Change => {
    if (taint === CORDON_TAINT && node.spec?.unschedulable === true) return uncordon(complaint);
    const words = `remove the taint ${taint.replace("=:", ":")} from node ${name}`;
    return {
      kind: "remove-taint",
      subject: `node ${name}`,
      field: taint,
      from: taint,
      to: null,
      words,
      share: 1,
    };
  });
  return [
    ...fewest(
      complaint,
      texts.map((taint) => tolerate(trials.pod, taint)),
    ),
    ...fewest(complaint, remove),
  ];
}

/** One set: every resource that is short, lowered to what is left, or to nothing on a node that is over-committed. */
function fitRemedies(complaint: Complaint): Change[][] {
  const { trials, node, row } = complaint;
  const { name = "" } = node.metadata ?? {};
  const cycle = trials.after([]);
  const { nodes, pod } = cycle;
  const changes: Change[] = [];
  for (const reason of complaint.fault.reasons) {
    if (reason === "Too many pods") {
      const to = nodes.podCount[row] + 1;
      const from = nodes.allowedPods[row];
      const words = `let node ${name} take ${to} pods instead of ${from}`;
      changes.push({
        kind: "raise-capacity",
        subject: `node ${name}`,
        field: "pods",
        from,
        to,
        words,
        share: (to - from) / to,
      });
      continue;
    }
    const resource = reason.replace("Insufficient ", "");
    const place = nodes.resources.intern(resource);
    const asked = pod.demand.of(place);
    const left = nodes.allocatable[place][row] - nodes.requested[place][row];
    if (left < asked) {
      changes.push(lowerRequest(trials.pod, resource, asked, Math.max(0, left)));
      continue;
    }
    const beside = besideNominated(complaint, resource, asked);
    if (beside !== undefined) return [[beside]];
  }
  return fewest(complaint, changes);
}

/** The greatest request that leaves room for the pods nominated to the node, by halving; undefined when none does. */
function besideNominated({ trials, row }: Complaint, resource: string, asked: number): Change | undefined {
  const fits = (amount: number) => trials.passes(row, [lowerRequest(trials.pod, resource, asked, amount)]);
  if (!fits(0)) return undefined;
  let low = 0;
  let high = asked;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return lowerRequest(trials.pod, resource, asked, low);
}

function lowerRequest(pod: string, resource: string, asked: number, left: number): Change {
  const from = quantityText(resource, asked);
  const to = quantityText(resource, left);
  const less = quantityText(resource, asked - left);
  const words =
    left === 0
      ? `ask for no ${resource} (now ${from})`
      : `ask for ${less} less ${resource}: ${to} instead of ${from}`;
  return {
    kind: "lower-request",
    subject: `pod ${pod}`,
    field: resource,
    from,
    to,
    words,
    share: (asked - left) / asked,
  };
}

function portEdits({ trials, pod }: Complaint): Change[] {
  const edits = (list: "containers" | "initContainers", containers: readonly Container[] = []): Change[] =>
    containers.flatMap(({ ports = [] }, c) =>
      ports.flatMap(({ hostPort = 0, protocol = "TCP" }, p): Change[] => {
        if (hostPort === 0) return [];
        const field = pointer("spec", list, c, "ports", p, "hostPort");
        const words = `give up host port ${hostPort}/${protocol} of the pod`;
        return [
          {
            kind: "edit-pod",
            subject: `pod ${trials.pod}`,
            field,
            from: hostPort,
            to: null,
            words,
            share: 1.5,
          },
        ];
      }),
    );
  return [...edits("containers", pod.spec?.containers), ...edits("initContainers", pod.spec?.initContainers)];
}

function deviceEdits({ trials, pod }: Complaint): Change[] {
  return (pod.spec?.resourceClaims ?? [])
    .map(({ name = "" }, i) =>
      dropped(trials.pod, pointer("spec", "resourceClaims", i), "resource claim", name),
    )
    .reverse();
}

/** Features that pods may need of a node (upstream: component-helpers/nodedeclaredfeatures). */
const KNOWN_FEATURES = [
  "RestartAllContainersOnContainerExits",
  "UserNamespacesHostNetworkSupport",
  "VolumeBindMountOptions",
];

/** Features that pods may need, or other nodes declare, and this one does not. */
function features({ trials, node }: Complaint): Change[] {
  const { name = "" } = node.metadata ?? {};
  const own = new Set(node.status?.declaredFeatures ?? []);
  const declared = trials.objects.nodes.flatMap(({ status }) => status?.declaredFeatures ?? []);
  const others = new Set([...KNOWN_FEATURES, ...declared]);
  return [...others]
    .filter((feature) => !own.has(feature))
    .sort()
    .map((feature): Change => {
      const words = `let node ${name} declare the feature ${feature}`;
      return {
        kind: "declare-feature",
        subject: `node ${name}`,
        field: feature,
        from: null,
        to: feature,
        words,
        share: 1,
      };
    });
}
