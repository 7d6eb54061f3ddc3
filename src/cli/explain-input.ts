import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { attemptPlace, type Situation, situationOfCase } from "../decisions/explain-situation.ts";
import { findPod, unknownPod } from "../decisions/explanation.ts";
import { unplaced } from "../decisions/pod-place.ts";
import {
  type DecisionRecord,
  isQueueScript,
  type RecordedCase,
  readCases,
} from "../decisions/recorded-case.ts";
import { replayCase } from "../decisions/replay-case.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import { readKubernetesObjects } from "../kubernetes/read-kubernetes-objects.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import { createdNode, createdPodSpec } from "../workload/created-pod.ts";
import { mergeObjects } from "../workload/merge-objects.ts";
import { ownerPods } from "../workload/owner-pods.ts";
import { PodPriorities } from "../workload/pod-priorities.ts";

/** What is to be explained, from whatever input it came. */
export interface ExplainInput {
  readonly situation: Situation;
  /** The recorded case that it belongs to, and its own policy, rule for ties, and record. */
  readonly recorded?: {
    readonly id: string;
    readonly profile: Profile;
    readonly tieBreak: TieBreak;
    readonly record: DecisionRecord | undefined;
  };
  readonly standsOn?: string;
  readonly notes: readonly string[];
}

export interface ExplainInputOptions {
  readonly pod?: string | undefined;
  readonly case?: string | undefined;
  readonly attempt?: number | undefined;
}

/** What standard input is called in errors. */
const STDIN = "stdin";

/**
 * Reads what `explain` is about: recorded cases, or Kubernetes objects, told apart by content; `-` is standard input.
 * @throws UserError with every problem of the input, or the nearest name for a pod or case that is not there
 */
export async function readExplainInput(input: string, options: ExplainInputOptions): Promise<ExplainInput> {
  if (input !== "-") return read(input, options);
  // Kept in a file, so that one reader serves, whatever the size.
  const folder = await mkdtemp(join(tmpdir(), "stowage-"));
  const file = join(folder, STDIN);
  try {
    await pipeline(process.stdin, createWriteStream(file));
    return await read(file, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      error.problems.map(({ where, what }) => ({ where: where.replace(file, STDIN), what })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function read(path: string, options: ExplainInputOptions): Promise<ExplainInput> {
  if (await hasCases(path)) return caseInput(path, await readCases(path), options);
  for (const name of ["case", "attempt"] as const) {
    if (options[name] === undefined) continue;
    const what = `invalid option: ${path} has Kubernetes objects, no recorded cases; leave it out`;
    throw new UserError([{ where: `--${name}`, what }]);
  }
  return snapshotInput(path, options);
}

/** A case begins with one of its own fields, which no Kubernetes object has first. */
const CASE_START = /^\s*\{\s*"(?:id|family|config|gates|objects|pods|expected)"\s*:/;

async function hasCases(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const handle = await open(path, "r");
  try {
    if ((await handle.stat()).isDirectory()) return false;
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const isPacked = buffer[0] === 0x1f && buffer[1] === 0x8b;
    const bytes = createReadStream(path, { end: 4095 });
    // The piece ends in the middle of the packed text, which is no fault of it.
    const text = isPacked ? bytes.pipe(createGunzip({ finishFlush: 2 })) : bytes;
    let head = "";
    for await (const chunk of text as AsyncIterable<Buffer>) head += chunk.toString("utf8");
    return CASE_START.test(head);
  } catch {
    // Whoever reads it in earnest says what is wrong with it.
    return false;
  } finally {
    await handle.close();
  }
}

function caseInput(
  path: string,
  lines: Awaited<ReturnType<typeof readCases>>,
  options: ExplainInputOptions,
): ExplainInput {
  const cases = lines.filter((line): line is RecordedCase => !isQueueScript(line));
  const fail = (what: string): never => {
    throw new UserError([{ where: path, what }]);
  };
  if (cases.length === 0)
    return fail("missing cases: only scripts of the queue, which hold no decisions; name another file");
  const recorded = options.case === undefined ? cases[0] : cases.find(({ id }) => id === options.case);
  if (recorded === undefined) return fail(unknownCase(options.case ?? "", cases));
  const { expected, id } = recorded;
  const asked = options.pod ?? expected[0]?.pod ?? "";
  const pod = asked.includes("/") ? asked : `default/${asked}`;
  const place = attemptPlace(recorded, pod, options.attempt);
  if (place === undefined) {
    const attempts = expected.filter((record) => record.pod === pod).map(({ attempt }) => attempt);
    const names = [...new Set(expected.map((record) => record.pod))];
    return fail(
      attempts.length > 0
        ? `unknown attempt: ${options.attempt}; of ${pod} there are ${attempts.join(", ")}`
        : `${unknownPod(pod, names)} (pods scheduled in case ${id})`,
    );
  }
  const [profile] = profilesFromCase(recorded.config, recorded.gates);
  const replayed = [...replayCase(recorded, profile)][place];
  return {
    situation: situationOfCase(recorded, profile, place),
    recorded: {
      id,
      profile,
      // The rule of the recordings; those of batching follow upstream's own pick.
      tieBreak: recorded.batching === true ? "upstream" : "first",
      record: replayed.record ?? undefined,
    },
    notes: [],
  };
}

function unknownCase(id: string, cases: readonly RecordedCase[]): string {
  const text = unknown(
    "case",
    id,
    cases.map((recorded) => recorded.id),
  );
  if (text.includes("did you mean")) return text;
  return `unknown case: ${JSON.stringify(id)}; there are ${cases.length}, ${cases[0].id} to ${cases[cases.length - 1].id}`;
}

async function snapshotInput(input: string, { pod: asked }: ExplainInputOptions): Promise<ExplainInput> {
  const paths = existsSync(input) ? [input] : input.split("+");
  const parts = await Promise.all(paths.map((path) => readKubernetesObjects(path)));
  const read = mergeObjects(parts, input);
  const priorities = new PodPriorities(read.priorityClasses);
  const owned = ownerPods(read);
  const generated = new Map<string, number>();
  const pods = [
    ...read.pods.map((pod) => ({ ...pod, metadata: named(pod.metadata, generated) })),
    ...owned.pods.map(({ namespace, name, labels, spec }) => ({
      kind: "Pod" as const,
      metadata: { namespace, name, ...(labels !== undefined && { labels }) },
      spec,
    })),
  ].map((pod) => ({ ...pod, spec: priorities.resolve(createdPodSpec(pod.spec ?? {})) }));
  const fail = (what: string): never => {
    throw new UserError([{ where: input, what }]);
  };
  if (read.nodes.length === 0)
    fail("missing nodes: no Node object; add them: kubectl get nodes,pods -A -o json");
  const wanted = asked ?? onlyPending(pods.filter(({ spec }) => !spec.nodeName).map(qualifiedName), fail);
  const found = inPlace(input, () => findPod(pods, wanted));
  const { nodeName = "" } = found.spec;
  return {
    situation: {
      objects: {
        ...read,
        nodes: read.nodes.map(createdNode),
        pods: pods.map((pod) => (pod === found ? unplaced(pod) : pod)),
      },
      pod: qualifiedName(found),
      attempt: 1,
      start: 0,
      // A bound pod may still carry the nomination with which it came to its node.
      ...(nodeName !== "" && { nominatedTo: "" }),
    },
    ...(nodeName !== "" && { standsOn: nodeName }),
    notes: [...owned.notes, ...priorities.notes()],
  };
}

/** The pod that is meant when none is named: the only pending one. */
function onlyPending(pending: readonly string[], fail: (what: string) => never): string {
  if (pending.length === 1) return pending[0];
  const some = pending.slice(0, 3).join(", ");
  return fail(
    `missing option: --pod; ${pending.length === 0 ? "no pod is pending, name the one to explain" : `${pending.length} pods are pending, name one: ${some}${pending.length > 3 ? ", …" : ""}`}`,
  );
}

/** Problems with a name, at the input that does not have it. */
function inPlace<T>(where: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.problems.map(({ what }) => ({ where, what })));
  }
}

/** A pod that is yet to be made gets a name from `generateName`, as in a workload. */
function named<T extends { readonly name?: string; readonly generateName?: string }>(
  metadata: T | undefined,
  generated: Map<string, number>,
): T & { readonly name: string } {
  const { name, generateName = "pod-" } = metadata ?? {};
  if (metadata !== undefined && name !== undefined) return { ...metadata, name };
  const number = generated.get(generateName) ?? 0;
  generated.set(generateName, number + 1);
  return { ...(metadata as T), name: `${generateName}${String(number).padStart(5, "0")}` };
}
