import type { PodTemplate } from "../cluster/specs.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import { ObjectCollector } from "../kubernetes/object-collector.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { NodeHistory } from "../reference/node-history.ts";
import { forgetPorts } from "../reference/node-ports.ts";
import type { Holdings, PlacedPod } from "../reference/reference-plugin.ts";
import type { ReferencePolicy } from "../reference/reference-policy.ts";
import { referenceScheduler } from "../reference/reference-scheduler.ts";
import { reserve } from "../reference/reserve.ts";
import { compareRecords } from "./compare-records.ts";
import type { DecisionRecord, RecordedCase } from "./recorded-case.ts";
import { referenceDecision } from "./reference-decision.ts";
import { referencePolicyOf } from "./reference-policy-of.ts";
import type { ReplayedAttempt } from "./replay-case.ts";

/** When the first attempt of a recording was made: pods that it bound have started since then, one a second. */
const BEGINNING_MS = Date.UTC(2030, 0, 1);
const MOST_ATTEMPTS = 3;

/**
 * Replays a case with the reference scheduler. The cluster moves on as recorded, whatever was decided here.
 */
export function* replayWithReference(recorded: RecordedCase): Generator<ReplayedAttempt> {
  const attempts = new ReferenceAttempts(recorded);
  const { perPlugin, batching } = recorded;
  for (const expected of recorded.expected) {
    const record = attempts.decide(expected.pod, expected.attempt, expected.nodeHint);
    const differences = compareRecords(expected, record, { perPlugin, batching });
    yield { pod: expected.pod, attempt: expected.attempt, record, differences };
    attempts.follow(expected);
  }
}

/**
 * What would be recorded of a case if the reference were kube-scheduler: every pod in turn, and again at once when it preempts.
 * @internal */
export function recordWithReference(recorded: RecordedCase): DecisionRecord[] {
  const attempts = new ReferenceAttempts(recorded);
  const records: DecisionRecord[] = [];
  for (const { metadata = {} } of recorded.pods as readonly PodObject[]) {
    const name = `${metadata.namespace || "default"}/${metadata.name}`;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const record = attempts.decide(name, attempt);
      records.push(record);
      attempts.follow(record);
      if (!record.preemption) break;
    }
  }
  return records;
}

/** Attempts in a cluster that moves on after each. */
class ReferenceAttempts {
  readonly #policy: ReferencePolicy;
  readonly #state: ReferenceState;
  #nextStart = 0;
  #count = 0;

  constructor(recorded: RecordedCase) {
    this.#policy = referencePolicyOf(recorded);
    this.#state = new ReferenceState(recorded);
  }

  /** @param hint the node that batching proposes */
  decide(name: string, attempt: number, hint?: string): DecisionRecord {
    const state = this.#state;
    const order = state.nodes.order();
    const nominatedTo = state.nominationOf(name);
    const known = nominatedTo !== undefined && order.includes(nominatedTo);
    const record = referenceScheduler({
      ...state.parts(),
      pod: state.template(name),
      policy: this.#policy,
      nextStart: this.#nextStart,
      tryFirst: known ? nominatedTo : hint,
      nominated: state.nominated(),
    });
    this.#nextStart = record.nextStart;
    const decision = referenceDecision(name, attempt, record, order);
    return hint === undefined ? decision : { ...decision, nodeHint: hint };
  }

  follow(record: DecisionRecord): void {
    const at = new Date(BEGINNING_MS + this.#count++ * 1000).toISOString();
    this.#state.follow(record, this.#policy, at);
  }
}

/** Nodes, pods and nominations of a case, as plain objects. */
class ReferenceState {
  readonly nodes = new NodeHistory();
  readonly #pods = new Map<string, PodTemplate>();
  #placed: PlacedPod[] = [];
  #holdings: Holdings;
  #forgottenPorts: ReadonlyMap<PlacedPod, readonly string[]> = new Map();
  /** What the scheduler remembers of nominations, which takes nothing new in the recordings. */
  readonly #remembered = new Map<string, string>();

  constructor({ objects, pods }: RecordedCase) {
    const collector = new ObjectCollector({ finishedPods: "keep" });
    for (const object of [...(objects ?? []), ...pods]) collector.add(object, undefined);
    const collected = collector.objects();
    this.#holdings = { objects: collected, promisedClaims: [] };
    for (const object of collected.nodes) this.nodes.add({ object });
    for (const object of collected.pods) {
      const name = qualifiedName(object);
      const pod = { name, object };
      this.#pods.set(name, pod);
      const { nominatedNodeName } = object.status ?? {};
      if (object.spec?.nodeName) {
        this.#placed.push({ pod, node: object.spec.nodeName, devices: [] });
      } else if (nominatedNodeName) {
        this.#remembered.set(name, nominatedNodeName);
      }
    }
  }

  template(name: string): PodTemplate {
    return this.#pods.get(name)!;
  }

  nominationOf(name: string): string | undefined {
    return this.template(name).object.status?.nominatedNodeName;
  }

  nominated(): PlacedPod[] {
    return [...this.#remembered].map(([name, node]) => ({ pod: this.template(name), node, devices: [] }));
  }

  parts() {
    return {
      nodes: this.nodes.nodes,
      order: this.nodes.order(),
      imageSizes: this.nodes.imageSizes(),
      placed: this.#placed,
      forgottenPorts: this.#forgottenPorts,
      ...this.#holdings,
    };
  }

  follow(
    { pod: name, outcome, node, preemption }: DecisionRecord,
    policy: ReferencePolicy,
    at: string,
  ): void {
    if (outcome === "bound" && node !== undefined) {
      const pod = this.template(name);
      this.#holdings = reserve(this.parts(), policy, pod, node);
      const { object } = pod;
      const started: PodObject = { ...object, status: { ...object.status, startTime: at } };
      this.#placed.push({ pod: { name, object: started }, node, devices: [] });
      this.#remembered.delete(name);
    }
    for (const victim of preemption?.victims ?? []) this.#remove(victim);
    for (const cleared of preemption?.clearedNominations ?? []) this.#nominate(cleared, undefined);
    if (preemption) this.#nominate(name, preemption.nominatedNode);
  }

  /** Writes a pod's status; the scheduler's memory of nominations stays as it is. */
  #nominate(name: string, node: string | undefined): void {
    const { object } = this.template(name);
    const { nominatedNodeName: _, ...status } = object.status ?? {};
    const nominated = { ...status, ...(node !== undefined && { nominatedNodeName: node }) };
    this.#pods.set(name, { name, object: { ...object, status: nominated } });
  }

  #remove(victim: string): void {
    const gone = this.#placed.find(({ pod }) => pod.name === victim)!;
    // The last pod of the node takes the place of the one that is gone.
    const last = this.#placed.findLast(({ node }) => node === gone.node)!;
    this.#placed = this.#placed.filter((placed) => placed !== last);
    if (last !== gone) this.#placed[this.#placed.indexOf(gone)] = last;
    const left = this.#placed.filter(({ node }) => node === gone.node);
    this.#forgottenPorts = forgetPorts(this.#forgottenPorts, gone, left);
  }
}
