import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { formatPath } from "./decoder.ts";
import { ObjectCollector } from "./object-collector.ts";

const conformance = new URL("../../../shared/conformance/", import.meta.url);

function problemsOf(raw: unknown): string[] {
  return new ObjectCollector().add(raw).map(({ path, what }) => `${formatPath(path)}: ${what}`);
}

describe("ObjectCollector", () => {
  it("finds every problem of an object, each with its path", () => {
    const found = problemsOf({
      kind: "Pod",
      metadata: { name: 7, labels: { "app.kubernetes.io/name": true } },
      spec: {
        containers: [{ resources: { requests: { cpu: "two", memory: "1Gi" } } }],
        hostNetwork: "yes",
        tolerations: [{ operator: "Exist" }],
        topologySpreadConstraints: [{ topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "Inn", values: "a" }] }],
            },
          },
        },
      },
    });
    const terms =
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]";
    expect(found.toSorted()).toEqual(
      [
        "metadata.name: invalid string: 7; put it in quotes",
        'metadata.labels["app.kubernetes.io/name"]: invalid string: true; put it in quotes',
        'spec.containers[0].resources.requests.cpu: invalid quantity: "two"; write 250m or 2',
        'spec.hostNetwork: invalid boolean: "yes"; write true or false',
        'spec.tolerations[0].operator: unknown operator: "Exist", did you mean Exists?',
        "spec.topologySpreadConstraints[0]: missing field: maxSkew; it has no default",
        `${terms}.matchExpressions[0].operator: unknown operator: "Inn", did you mean In?`,
        `${terms}.matchExpressions[0].values: invalid list: "a"; write a list`,
      ].toSorted(),
    );
  });

  it("drops what scheduling does not read and ignores unknown fields", () => {
    const collector = new ObjectCollector();
    collector.add({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", managedFields: [{}], annotations: { "example.com/note": "long" } },
      spec: {
        containers: [{ name: "c", env: [{ name: "A" }], volumeMounts: [{ name: "v", mountPath: "/" }] }],
        volumes: [
          { name: "v", projected: {} },
          { name: "d", persistentVolumeClaim: { claimName: "d" } },
        ],
      },
    });
    expect(collector.objects().pods).toEqual([
      {
        kind: "Pod",
        apiVersion: "v1",
        metadata: { name: "p" },
        spec: {
          containers: [{ name: "c" }],
          volumes: [{ name: "d", persistentVolumeClaim: { claimName: "d" } }],
        },
      },
    ]);
  });

  it("reads groups of pods of Kubernetes' own API, whatever its version", () => {
    const collector = new ObjectCollector();
    const group = (apiVersion: string, spec: object) => ({
      apiVersion,
      kind: "PodGroup",
      metadata: { name: "g" },
      spec,
    });
    collector.add(group("scheduling.k8s.io/v1beta1", { schedulingPolicy: { basic: {} }, workloadRef: {} }));
    collector.add(
      group("scheduling.k8s.io/v1alpha3", {
        priority: 5,
        disruptionMode: { all: {} },
        schedulingPolicy: { gang: { minCount: 3 } },
      }),
    );
    collector.add(group("scheduling.x-k8s.io/v1alpha1", { minMember: 3 }));
    expect(collector.objects().podGroups.map(({ spec }) => spec)).toEqual([
      { schedulingPolicy: { basic: {} } },
      { priority: 5, disruptionMode: { all: {} }, schedulingPolicy: { gang: { minCount: 3 } } },
    ]);
    expect(collector.objects().others).toHaveLength(1);
    expect(
      problemsOf(group("scheduling.k8s.io/v1beta1", { schedulingPolicy: { gang: { minCount: "3" } } })),
    ).toEqual(['spec.schedulingPolicy.gang.minCount: invalid integer: "3"; write a whole number']);
  });

  it("keeps equal parts of different objects once", () => {
    const collector = new ObjectCollector();
    for (const name of ["a", "b"]) {
      collector.add({ kind: "Pod", metadata: { name }, spec: { containers: [{ image: "app:v1" }] } });
    }
    const [a, b] = collector.objects().pods;
    expect(a.spec?.containers).toBe(b.spec?.containers);
  });

  it("tells kinds of other API groups apart, and keeps unknown kinds by name", () => {
    const collector = new ObjectCollector();
    collector.add({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a" },
      spec: { selector: { app: "x" } },
    });
    collector.add({
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: { name: "b" },
      spec: {},
    });
    collector.add({
      apiVersion: "v1",
      kind: "ReplicationController",
      metadata: { name: "c" },
      spec: { selector: { a: "b" } },
    });
    const { services, others, owners } = collector.objects();
    expect(services.map(({ metadata }) => metadata?.name)).toEqual(["a"]);
    expect(others).toEqual([
      { kind: "Service", apiVersion: "serving.knative.dev/v1", metadata: { name: "b" } },
    ]);
    expect(owners[0].spec?.selector).toEqual({ matchLabels: { a: "b" } });
  });

  it("leaves finished pods out and counts them, unless asked to keep them", () => {
    const done = { kind: "Pod", metadata: { name: "p" }, status: { phase: "Succeeded" } };
    for (const [finishedPods, pods] of [
      ["drop", 0],
      ["keep", 1],
    ] as const) {
      const collector = new ObjectCollector({ finishedPods });
      collector.add(done);
      expect(collector.objects().pods).toHaveLength(pods);
      expect(collector.objects().finishedPods).toBe(1 - pods);
    }
  });

  it("refuses what is no object, has no kind or no name", () => {
    expect(problemsOf([])).toEqual([": invalid object: not a mapping; write apiVersion, kind and metadata"]);
    expect(problemsOf({})).toEqual([": missing kind; write kind: Pod, or what the object is"]);
    expect(problemsOf({ kind: "Node" })).toEqual(["metadata: missing name; write metadata.name"]);
  });

  it("refuses numbers whose digits JSON has lost", () => {
    const memory = 2 ** 60;
    expect(problemsOf({ kind: "Node", metadata: { name: "n" }, status: { capacity: { memory } } })).toEqual([
      "status.capacity.memory: invalid quantity: 1152921504606847000; put numbers above 2^53 in quotes",
    ]);
  });

  it.skipIf(!existsSync(conformance))(
    "reads every object of the recorded cases (../shared) as a known kind",
    () => {
      const collector = new ObjectCollector({ finishedPods: "keep" });
      for (const name of ["node-affinity", "volume-binding", "dynamic-resources", "default-preemption"]) {
        expect(readdirSync(conformance)).toContain(`${name}.jsonl.gz`);
        const lines = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, conformance)))
          .toString()
          .split("\n");
        for (const line of lines.slice(0, 60)) {
          if (line === "") continue;
          const { objects, pods } = JSON.parse(line) as { objects: unknown[] | null; pods: unknown[] };
          for (const object of [...(objects ?? []), ...pods]) expect(collector.add(object)).toEqual([]);
        }
      }
      expect(collector.objects().others).toEqual([]);
      expect(collector.objects().pods.length).toBeGreaterThan(500);
    },
  );
});
