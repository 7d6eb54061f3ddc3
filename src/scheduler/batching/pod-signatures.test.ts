import { describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import { NO_OBJECTS } from "../../kubernetes/no-objects.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import { shippedProfile } from "../../plugins/profiles.ts";
import { type PluginArgs, registry } from "../../plugins/registry.ts";
import type { Profile } from "../profile.ts";
import { PodSignatures } from "./pod-signatures.ts";

/** Upstream's plugins, without the default spread constraints that would sign no pod. */
function profileWith(args: PluginArgs = {}): Pick<Profile, "plugins"> {
  const all = { PodTopologySpread: { defaultingType: "List", defaultConstraints: [] }, ...args } as const;
  const made = [...registry.values()].map(({ gate, make }) =>
    gate === undefined ? make?.(all, () => false) : undefined,
  );
  return { plugins: made.flatMap((plugin) => (plugin === undefined ? [] : [{ plugin }])) };
}

const profile = profileWith();
const signatures = PodSignatures.of(profile)!;
const cluster = new Cluster();

type Parts = { readonly spec?: PodObject["spec"]; readonly metadata?: PodObject["metadata"] };

function sign({ spec = {}, metadata = {} }: Parts, objects = NO_OBJECTS): string | undefined {
  const object: PodObject = { kind: "Pod", metadata, spec };
  return signatures.signatureOf(cluster.kind({ name: "p", object }), objects);
}

const container = (requests: Record<string, string>) => ({ containers: [{ resources: { requests } }] });
const term = (...values: string[]) => ({
  matchExpressions: [{ key: "zone", operator: "In" as const, values }],
});

describe("PodSignatures", () => {
  it("are not to be had in the default profile, whose default constraints spread every pod", () => {
    expect(PodSignatures.of(shippedProfile("default"))).toBeUndefined();
  });

  it("are not to be had where extenders have a say, or a plugin cannot sign", () => {
    const extender = { name: "e", ignorable: false, isInterested: () => false };
    expect(PodSignatures.of({ ...profile, extenders: [extender] })).toBeUndefined();
    const plugin = { name: "Own", score: () => undefined };
    expect(PodSignatures.of({ plugins: [...profile.plugins, { plugin }] })).toBeUndefined();
    // One that neither filters nor scores is not asked.
    expect(PodSignatures.of({ plugins: [...profile.plugins, { plugin: { name: "Own" } }] })).toBeDefined();
  });

  it.each<[string, Parts, Parts]>([
    ["name", { metadata: { name: "a" } }, { metadata: { name: "b", namespace: "other" } }],
    ["priority", { spec: { priority: 1 } }, { spec: { priority: 2 } }],
    ["how amounts are written", { spec: container({ cpu: "1" }) }, { spec: container({ cpu: "1000m" }) }],
    [
      "the order of tolerations",
      { spec: { tolerations: [{ key: "a" }, { key: "b" }] } },
      { spec: { tolerations: [{ key: "b" }, { key: "a" }] } },
    ],
    [
      "the order of node affinity terms and of their values",
      affinity({ nodeSelectorTerms: [term("x", "y"), term("z")] }),
      affinity({ nodeSelectorTerms: [term("z"), term("y", "x")] }),
    ],
    [
      "the order of volumes",
      { spec: { volumes: [{ persistentVolumeClaim: { claimName: "a" } }, { image: { reference: "i" } }] } },
      { spec: { volumes: [{ image: { reference: "i" } }, { persistentVolumeClaim: { claimName: "a" } }] } },
    ],
  ])("do not depend on %s", (_, one, other) => {
    expect(sign(one)).toBeDefined();
    expect(sign(one)).toBe(sign(other));
  });

  it.each<[string, Parts]>([
    ["labels", { metadata: { labels: { app: "a" } } }],
    ["requests", { spec: container({ cpu: "2" }) }],
    ["overhead", { spec: { overhead: { cpu: "1" } } }],
    ["the node's name", { spec: { nodeName: "n1" } }],
    ["node selector", { spec: { nodeSelector: { zone: "x" } } }],
    ["required node affinity, also without terms", affinity({ nodeSelectorTerms: [] })],
    ["tolerations", { spec: { tolerations: [{ operator: "Exists" }] } }],
    ["host ports, also of init containers", { spec: { initContainers: [{ ports: [{ hostPort: 80 }] }] } }],
    ["images", { spec: { containers: [{ image: "busybox" }] } }],
    ["volumes", { spec: { volumes: [{ persistentVolumeClaim: { claimName: "a" } }] } }],
    ["required features", { spec: { hostNetwork: true, hostUsers: false } }],
    ["scheduler", { spec: { schedulerName: "other" } }],
  ])("depend on %s", (_, parts) => {
    expect(sign(parts)).toBeDefined();
    expect(sign(parts)).not.toBe(sign({}));
  });

  it.each<[string, Parts]>([
    ["affinity to other pods", { spec: { affinity: { podAffinity: {} } } }],
    ["anti-affinity to other pods", { spec: { affinity: { podAntiAffinity: {} } } }],
    [
      "constraints of its own",
      { spec: { topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 1 }] } },
    ],
    ["resource claims", { spec: { resourceClaims: [{ name: "c" }] } }],
  ])("are not to be had for a pod with %s", (_, parts) => {
    expect(sign(parts)).toBeUndefined();
  });

  it("are not to be had for resources that devices provide, once they do", () => {
    const pod = { spec: container({ "example.com/gpu": "1" }) };
    expect(sign(pod)).toBeDefined();
    const deviceClasses = [
      {
        kind: "DeviceClass" as const,
        metadata: { name: "gpu" },
        spec: { extendedResourceName: "example.com/gpu" },
      },
    ];
    expect(sign(pod, { ...NO_OBJECTS, deviceClasses })).toBeUndefined();
    expect(sign(pod)).toBeDefined();
  });

  it("leave labels out where terms of other pods are ignored", () => {
    const args = { InterPodAffinity: { ignorePreferredTermsOfExistingPods: true } };
    const ignoring = PodSignatures.of(profileWith(args))!;
    const of = (labels: Record<string, string>) =>
      ignoring.signatureOf(
        cluster.kind({ name: "p", object: { kind: "Pod", metadata: { labels } } }),
        NO_OBJECTS,
      );
    expect(of({ app: "a" })).toBe(of({ app: "b" }));
  });
});

function affinity(required: { readonly nodeSelectorTerms: readonly ReturnType<typeof term>[] }): Parts {
  return {
    spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
  };
}
