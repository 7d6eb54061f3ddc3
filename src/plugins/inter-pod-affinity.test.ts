import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Affinity, PodAffinityTerm } from "../kubernetes/affinity.ts";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { StringRecord } from "../kubernetes/object-meta.ts";
import { arbitraryHistory } from "../testing/arbitrary-history.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { pluginLaws } from "../testing/plugin-laws.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";
const plugin = interPodAffinity();

function pod(labels: StringRecord, affinity: Affinity = {}, namespace = "default"): PodTemplate {
  return { name: "p", object: { kind: "Pod", metadata: { namespace, labels }, spec: { affinity } } };
}

function near(app: string, topologyKey = ZONE): PodAffinityTerm {
  return { topologyKey, labelSelector: { matchLabels: { app } } };
}

function together(...terms: PodAffinityTerm[]): Affinity {
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
}

function apart(...terms: PodAffinityTerm[]): Affinity {
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
}

function preferring(weight: number, podAffinityTerm: PodAffinityTerm): Affinity {
  return { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } };
}

/** Two zones, a node without one, and the given pods on the given nodes. */
function clusterWith(
  placed: readonly (readonly [PodTemplate, string])[],
  namespaces: NamespaceObject[] = [],
) {
  const drawn = drawCluster(`
node  zone
n1    a
n2    a
n3    b
n4    -
`);
  const { cluster, row } = drawn;
  cluster.objects = { ...NO_OBJECTS, namespaces };
  placed.forEach(([template, node], i) => {
    cluster.assume(i, cluster.kind(template), row(node), 0);
  });
  return cluster;
}

type TestCluster = ReturnType<typeof clusterWith>;

/** What is said of n1 to n4; `skip` when the plugin skips. */
function verdicts(cluster: TestCluster, template: PodTemplate, judged = plugin): string[] | "skip" {
  const judge = judged.judge?.(cycleFor(cluster, template));
  return judge === undefined
    ? "skip"
    : [...cluster.nodes.order].sort((a, b) => a - b).map((node) => judge(node)?.reasons[0] ?? "");
}

const RULES = "node(s) didn't match pod affinity rules";
const OWN = "node(s) didn't match pod anti-affinity rules";
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules";

describe("InterPodAffinity's filter", () => {
  const web = pod({ app: "web" });

  it("skips a pod about which no term says anything", () => {
    expect(verdicts(clusterWith([[web, "n1"]]), web)).toBe("skip");
    expect(verdicts(clusterWith([[pod({}, apart(near("db"))), "n1"]]), web)).toBe("skip");
  });

  it("keeps domains that hold a pod the affinity asks for, and needs the key", () => {
    expect(verdicts(clusterWith([[web, "n1"]]), pod({}, together(near("web"))))).toEqual([
      "",
      "",
      RULES,
      RULES,
    ]);
  });

  it("lets the first pod of a group go wherever the keys are, and only when nobody matches anywhere", () => {
    const first = pod({ app: "web" }, together(near("web")));
    expect(verdicts(clusterWith([]), first)).toEqual(["", "", "", RULES]);
    expect(verdicts(clusterWith([[web, "n3"]]), first)).toEqual([RULES, RULES, "", RULES]);
    // A match on a node without the key is in no domain.
    expect(verdicts(clusterWith([[web, "n4"]]), first)).toEqual(["", "", "", RULES]);
    expect(verdicts(clusterWith([]), pod({}, together(near("web"))))).toEqual([RULES, RULES, RULES, RULES]);
  });

  it("counts a pod for affinity only when all terms mean it", () => {
    const both = pod({}, together(near("web"), near("web", HOST)));
    expect(verdicts(clusterWith([[web, "n1"]]), both)).toEqual(["", RULES, RULES, RULES]);
    const never = pod({}, together(near("web"), near("db")));
    const placed = [
      [web, "n1"],
      [pod({ app: "db" }), "n1"],
    ] as const;
    expect(verdicts(clusterWith(placed), never)).toEqual([RULES, RULES, RULES, RULES]);
  });

  it("keeps apart from others and lets others keep apart from it", () => {
    expect(verdicts(clusterWith([[web, "n1"]]), pod({}, apart(near("web"))))).toEqual([OWN, OWN, "", ""]);
    const shy = pod({ app: "shy" }, apart(near("web", HOST)));
    expect(verdicts(clusterWith([[shy, "n2"]]), web)).toEqual(["", EXISTING, "", ""]);
  });

  it("resolves namespaces of the pod's own terms, and takes unknown ones of others' for unlabelled", () => {
    const namespaces: NamespaceObject[] = [
      { kind: "Namespace", metadata: { name: "prod", labels: { tier: "prod" } } },
    ];
    const selecting = (namespaceSelector: PodAffinityTerm["namespaceSelector"] & object) =>
      apart({ ...near("web", HOST), namespaceSelector });
    const notTest = selecting({ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["test"] }] });
    const placed = [
      [pod({ app: "web" }, {}, "prod"), "n1"],
      [pod({ app: "web" }, {}, "unknown"), "n2"],
      [web, "n3"],
    ] as const;
    expect(verdicts(clusterWith(placed, namespaces), pod({}, notTest))).toEqual([OWN, "", "", ""]);
    expect(verdicts(clusterWith(placed, namespaces), pod({}, selecting({})))).toEqual([OWN, OWN, OWN, ""]);
    expect(verdicts(clusterWith(placed, namespaces), pod({}, apart(near("web", HOST))))).toEqual([
      "",
      "",
      OWN,
      "",
    ]);
    const existing = [[pod({}, notTest), "n4"]] as const;
    expect(verdicts(clusterWith(existing, namespaces), pod({ app: "web" }, {}, "unknown"))).toEqual([
      "",
      "",
      "",
      EXISTING,
    ]);
  });

  it("rejects at once a pod whose selector does not parse", () => {
    const term = {
      topologyKey: ZONE,
      labelSelector: { matchExpressions: [{ key: "a", operator: "In" as const }] },
    };
    expect(plugin.preFilter?.(cycleFor(clusterWith([]), pod({}, apart(term))))).toEqual({
      rejected: {
        code: "UnschedulableAndUnresolvable",
        reasons: [
          "parsing pod: requiredAntiAffinityTerms: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
        ],
      },
    });
  });
});

describe("InterPodAffinity's score", () => {
  const rows = [0, 1, 2, 3];
  const web = pod({ app: "web" });
  const scores = (template: PodTemplate, placed: Parameters<typeof clusterWith>[0], args = {}) =>
    scoresOf(interPodAffinity(args), cycleFor(clusterWith(placed), template), rows)?.raw;

  it("adds the weights of the pod's terms and of those that mean it", () => {
    expect(
      scores(pod({}, preferring(5, near("web"))), [
        [web, "n1"],
        [web, "n3"],
        [web, "n3"],
      ]),
    ).toEqual([5, 5, 10, 0]);
    expect(scores(web, [[pod({}, preferring(7, near("web"))), "n3"]])).toEqual([0, 0, 7, 0]);
    expect(scores(web, [[pod({}, together(near("web"))), "n1"]])).toEqual([1, 1, 0, 0]);
    expect(scores(web, [[pod({}, together(near("web"))), "n1"]], { hardPodAffinityWeight: 10 })).toEqual([
      10, 10, 0, 0,
    ]);
  });

  it("skips when no term matched, and when asked to ignore what others prefer", () => {
    expect(scores(web, [[pod({}, preferring(7, near("db"))), "n3"]])).toBeUndefined();
    expect(
      scores(web, [[pod({}, together(near("web"))), "n1"]], { hardPodAffinityWeight: 0 }),
    ).toBeUndefined();
    const ignore = { ignorePreferredTermsOfExistingPods: true };
    expect(scores(web, [[pod({}, preferring(7, near("web"))), "n3"]], ignore)).toBeUndefined();
    const both = pod({ app: "web" }, preferring(1, near("db")));
    expect(scores(both, [[pod({}, preferring(7, near("web"))), "n3"]], ignore)).toEqual([0, 0, 7, 0]);
  });

  it.each([
    [
      [-5, 0, 5, 10],
      [0, 33, 66, 100],
    ],
    [
      [3, 3],
      [0, 0],
    ],
    [
      [0, 1, 3],
      [0, 33, 100],
    ],
    [
      [0, 29, 100],
      [0, 28, 100],
    ],
    [
      [0, 57, 100],
      [0, 56, 100],
    ],
  ])("normalises %j to %j: it divides, multiplies, then truncates", (raw, normalized) => {
    const values = Int32Array.from(raw);
    plugin.normalizeScore?.(values, { rows: new Uint32Array(raw.length), length: raw.length });
    expect([...values]).toEqual(normalized);
  });
});

const term = fc.record({
  topologyKey: fc.constantFrom(ZONE, HOST, "absent"),
  labelSelector: fc.constantFrom({}, { matchLabels: { app: "web" } }, { matchLabels: { app: "db" } }),
});
const terms = fc.record({
  requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { maxLength: 2 }),
  preferredDuringSchedulingIgnoredDuringExecution: fc.array(
    fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term }),
    { maxLength: 2 },
  ),
});
const affinity: fc.Arbitrary<Affinity> = fc.record(
  { podAffinity: terms, podAntiAffinity: terms },
  { requiredKeys: [] },
);
const templates = fc.array(
  fc
    .record({ app: fc.constantFrom("web", "db", "shy"), affinity })
    .map(({ app, affinity }) => pod({ app }, affinity)),
  { minLength: 1, maxLength: 4 },
);
const place = fc.nat({ max: 99 });

function observed(cluster: TestCluster, template: PodTemplate, judged = plugin): unknown {
  return [
    verdicts(cluster, template, judged),
    scoresOf(judged, cycleFor(cluster, template), [0, 1, 2, 3])?.raw,
  ];
}

describe("InterPodAffinity's counts", () => {
  it("always equal those of a plugin that counts anew, whatever came, left and changed", () => {
    const step = fc.record({
      what: fc.constantFrom("come", "come", "leave", "label"),
      pod: place,
      node: place,
    });
    fc.assert(
      fc.property(templates, fc.array(step, { maxLength: 20 }), (pods, steps) => {
        const cluster = clusterWith([]);
        const placed: number[] = [];
        steps.forEach((step, row) => {
          const node = step.node % 4;
          if (step.what === "come") {
            cluster.assume(row, cluster.kind(pods[step.pod % pods.length]), node, 0);
            placed.push(row);
          } else if (step.what === "leave" && placed.length > 0) {
            cluster.release(placed.splice(step.pod % placed.length, 1)[0]);
          } else if (step.what === "label") {
            const name = cluster.nodes.name(node);
            const labels = { [HOST]: name, ...(step.pod % 2 === 0 && { [ZONE]: "c" }) };
            cluster.updateNode(node, { object: { kind: "Node", metadata: { name, labels } } });
          }
          const asked = pods[row % pods.length];
          expect(observed(cluster, asked)).toEqual(observed(cluster, asked, interPodAffinity()));
        });
      }),
      { numRuns: 60 },
    );
  });

  it("are made anew when more happened than the cluster remembers", () => {
    const web = pod({ app: "web" });
    const shy = pod({}, apart(near("web")));
    const cluster = clusterWith([[web, "n1"]]);
    expect(verdicts(cluster, shy)).toEqual([OWN, OWN, "", ""]);
    cluster.release(0);
    const kind = cluster.kind(web);
    for (let i = 0; i < 10_000; i++) {
      cluster.assume(0, kind, 3, 0);
      cluster.release(0);
    }
    cluster.assume(0, kind, 2, 0);
    expect(verdicts(cluster, shy)).toEqual(["", "", OWN, ""]);
  });

  it("always tell in thought what would be true if pods came and went, and never remember it", () => {
    fc.assert(
      fc.property(
        templates,
        fc.array(fc.tuple(place, place), { minLength: 2, maxLength: 8 }),
        (pods, spots) => {
          const cluster = clusterWith([]);
          const kinds = pods.map((template) => cluster.kind(template));
          const put = (i: number) => cluster.assume(i, kinds[spots[i][0] % kinds.length], spots[i][1] % 4, 0);
          for (let i = 1; i < spots.length; i++) put(i);
          const cycle = cycleFor(cluster, pods[0]);
          const before = observed(cluster, pods[0]);
          const whatIf = plugin.whatIf?.(cycle);
          if (whatIf === undefined) return;
          whatIf.addPod(0, kinds[spots[0][0] % kinds.length], spots[0][1] % 4);
          whatIf.removePod(1, cluster.kindOf(1), cluster.nodeOf(1));
          const inThought = [0, 1, 2, 3].map((node) => whatIf.judge(node)?.reasons[0] ?? "");
          expect(observed(cluster, pods[0])).toEqual(before);
          put(0);
          cluster.release(1);
          const after = verdicts(cluster, pods[0], interPodAffinity());
          if (after === "skip") expect(inThought).toEqual(["", "", "", ""]);
          else expect(inThought).toEqual(after);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("always keep the laws of plugins", () => {
    const histories = fc
      .tuple(arbitraryHistory, fc.array(affinity, { minLength: 3, maxLength: 3 }))
      .map(([history, affinities]) => ({
        ...history,
        templates: history.templates.map(({ object, ...template }, i) => ({
          ...template,
          object: {
            ...object,
            metadata: { ...object.metadata, labels: { app: i % 2 === 0 ? "web" : "db" } },
            spec: { ...object.spec, affinity: { ...object.spec?.affinity, ...affinities[i % 3] } },
          },
        })),
      }));
    pluginLaws(plugin, { runs: 30, histories });
  });
});
