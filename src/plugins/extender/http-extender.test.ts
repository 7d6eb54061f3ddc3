import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import type { NodeObject } from "../../kubernetes/node.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import { ExtenderError } from "../../scheduler/extender.ts";
import { type HttpExtenderOptions, httpExtender } from "./http-extender.ts";

const script = new URL("testdata/extender.py", import.meta.url).pathname;
const python = spawnSync("python3", ["--version"]).status === 0;
if (!python) console.warn("tests of HTTP extenders skipped: no python3; install it to run them");

const pod: PodObject = {
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "uid-web" },
  spec: {},
};

function node(name: string, labels: Record<string, string>): NodeObject {
  return { kind: "Node", metadata: { name, labels } };
}

const nodes = [
  node("n1", { disk: "ssd", points: "3" }),
  node("n2", { disk: "hdd", points: "10" }),
  node("n3", { disk: "gone" }),
  node("n4", { disk: "ssd", points: "7" }),
];

describe.skipIf(!python)("an extender written in Python", () => {
  let server: ChildProcessWithoutNullStreams;
  let url = "";

  beforeAll(async () => {
    server = spawn("python3", [script]);
    const lines = createInterface(server.stdout);
    const [port] = (await once(lines, "line")) as [string];
    url = `http://127.0.0.1:${port}/policy/`;
  });
  afterAll(() => {
    server.stdin.end();
  });

  function extender(options: Partial<HttpExtenderOptions>) {
    return httpExtender({
      urlPrefix: url,
      filterVerb: "",
      preemptVerb: "",
      prioritizeVerb: "",
      bindVerb: "",
      weight: 1,
      enableHTTPS: false,
      httpTimeoutSeconds: 5,
      nodeCacheCapable: false,
      managedResources: [],
      ignorable: false,
      ...options,
    });
  }

  it("filters whole nodes, with reasons that preemption can or cannot change", () => {
    expect(extender({ filterVerb: "filter" }).filter?.(pod, nodes)).toEqual({
      nodes: ["n1", "n4"],
      failed: { n2: "no ssd" },
      failedAndUnresolvable: { n3: "disk gone" },
    });
  });

  it("is told names only when it knows the nodes itself", () => {
    const verdict = extender({ filterVerb: "names", nodeCacheCapable: true }).filter?.(pod, nodes);
    expect(verdict?.nodes).toEqual(["n1", "n3", "n4"]);
  });

  it("gives points with its weight", () => {
    const scores = extender({ prioritizeVerb: "prioritize", weight: 4 }).prioritize?.(pod, nodes);
    expect(scores?.weight).toBe(4);
    expect([...(scores?.points ?? [])]).toEqual([
      ["n1", 3],
      ["n2", 10],
      ["n3", 0],
      ["n4", 7],
    ]);
  });

  it("chooses among the candidates of preemption", () => {
    const victim = (name: string): PodObject => ({ kind: "Pod", metadata: { name, uid: `uid-${name}` } });
    const candidates = new Map([
      ["n1", { pods: [victim("a"), victim("b")], pdbViolations: 0 }],
      ["n2", { pods: [victim("c")], pdbViolations: 1 }],
    ]);
    const kept = extender({ preemptVerb: "preempt" }).preempt?.(pod, candidates);
    expect([...(kept ?? [])]).toEqual([["n2", { pods: [victim("c")], pdbViolations: 1 }]]);
  });

  it("binds, and may refuse to", () => {
    const binder = extender({ bindVerb: "bind" });
    binder.bind?.(pod, "n1");
    const told = extender({ prioritizeVerb: "bound" }).prioritize?.(pod, nodes);
    expect([...(told?.points.keys() ?? [])]).toEqual([JSON.stringify(["shop", "web", "uid-web", "n1"])]);
    expect(() => binder.bind?.(pod, "full")).toThrow(new ExtenderError("node full takes no more"));
  });

  it.each([
    ["slow", /^Post ".*\/slow": context deadline exceeded/],
    ["broken", /^failed broken with extender at URL .*\/policy\/broken, code 500$/],
    ["garbage", /^invalid answer of .*garbage: /],
    ["refuse", /^refused on purpose$/],
    ["stranger", /claims a filtered node "stranger" which is not found in the input node list$/],
  ])("fails in upstream's words when the answer is %s", (filterVerb, message) => {
    const failing = extender({ filterVerb, httpTimeoutSeconds: 0.5 });
    expect(() => failing.filter?.(pod, nodes)).toThrow(ExtenderError);
    expect(() => failing.filter?.(pod, nodes)).toThrow(message);
  });

  it("says who does not answer at all", () => {
    const nobody = extender({ urlPrefix: "http://127.0.0.1:9", filterVerb: "filter" });
    expect(() => nobody.filter?.(pod, nodes)).toThrow(/^Post "http:\/\/127.0.0.1:9\/filter": .*ECONNREFUSED/);
  });

  it("is interested in pods that ask for what it manages, in containers of both kinds, requests or limits", () => {
    const cluster = new Cluster();
    const kind = (spec: PodObject["spec"]) =>
      cluster.kind({ name: "", object: { ...pod, ...(spec && { spec }) } });
    const all = extender({});
    const some = extender({ managedResources: [{ name: "example.com/fpga" }] });
    const amounts = { "example.com/fpga": "1" };
    expect(all.isInterested(kind({}))).toBe(true);
    expect(
      some.isInterested(kind({ containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] })),
    ).toBe(false);
    expect(some.isInterested(kind({ containers: [{ name: "c", resources: { limits: amounts } }] }))).toBe(
      true,
    );
    expect(
      some.isInterested(kind({ initContainers: [{ name: "c", resources: { requests: amounts } }] })),
    ).toBe(true);
  });
});
