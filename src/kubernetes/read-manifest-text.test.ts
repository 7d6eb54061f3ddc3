import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { readManifestText } from "./read-manifest-text.ts";

function complaints(text: string): string {
  try {
    readManifestText(text, "m.yaml");
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "";
}

describe("readManifestText", () => {
  it("reads YAML of several documents, lists among them, in their order", () => {
    const objects = readManifestText(
      `
kind: Node
apiVersion: v1
metadata: { name: n1 }
status: { allocatable: { cpu: 4, memory: 8Gi } }
---
# nothing here
---
kind: List
apiVersion: v1
items:
  - { kind: Pod, apiVersion: v1, metadata: { name: a } }
  - { kind: Pod, apiVersion: v1, metadata: { name: b } }
---
kind: NodeList
items:
  - metadata: { name: n2 }
`,
      "m.yaml",
    );
    expect(objects.nodes.map((node) => node.metadata?.name)).toEqual(["n1", "n2"]);
    expect(objects.nodes[0].status?.allocatable).toEqual({ cpu: 4, memory: "8Gi" });
    expect(objects.pods.map((pod) => pod.metadata?.name)).toEqual(["a", "b"]);
  });

  it("names every problem of a YAML text with its line and column", () => {
    expect(
      complaints(`kind: Pod
metadata: { name: a }
spec:
  containers:
    - resources:
        requests: { cpu: two }
---
kind: List
items:
  - kind: Node
    metadata: { name: n }
    spec:
      taints:
        - { key: a }
`),
    ).toBe(
      'm.yaml:6:26: spec.containers[0].resources.requests.cpu: invalid quantity: "two"; write 250m or 2\n' +
        "m.yaml:14:11: items[0].spec.taints[0]: missing field: effect; it has no default",
    );
  });

  it("names every problem of a JSON text with its line and column", () => {
    expect(
      complaints(`{"kind": "List", "items": [
  {"kind": "Pod", "metadata": {"name": "a"},
   "spec": {"nodeName": 5}},
  {"kind": "Pod"}
]}`),
    ).toBe(
      "m.yaml:3:25: items[0].spec.nodeName: invalid string: 5; put it in quotes\n" +
        "m.yaml:4:3: items[1].metadata: missing name; write metadata.name",
    );
  });

  it("says where JSON is broken or ends too early", () => {
    expect(complaints('{"kind": "Pod",\n "metadata": {"name" "a"}}')).toBe(
      "m.yaml:2:22: invalid JSON: a colon is missing here; write the file again",
    );
    expect(complaints('{"items": [\n{"kind": "Pod", "met')).toMatch(
      /^m\.yaml:2:\d+: invalid JSON: the file ends/,
    );
  });

  it("reports broken YAML and goes on with the other documents", () => {
    expect(complaints("a: b: c\n---\nkind: Pod\nmetadata: {}\n")).toMatch(
      /^m\.yaml:1:4: invalid YAML: .*; correct it there\nm\.yaml:4:11: metadata: missing name; write metadata\.name$/,
    );
    expect(complaints("kind: *nobody\n")).toContain("invalid YAML: ");
  });

  it("takes a list without items for no objects", () => {
    for (const text of [
      '{"kind": "PodList", "items": null}',
      '{"items": [], "kind": "List"}',
      "kind: List\nitems: []\n",
    ]) {
      expect(readManifestText(text, "m.yaml")).toMatchObject({ pods: [], others: [] });
    }
  });

  it("refuses a text without objects", () => {
    expect(complaints("")).toContain("m.yaml: missing objects: the file is empty");
    expect(complaints("---\n# only a comment\n")).toContain("missing objects");
  });

  it("accepts objects without a name when asked, as templates are", () => {
    expect(readManifestText("kind: Pod\nspec: {}\n", "t.yaml", { nameless: "accept" }).pods).toHaveLength(1);
  });
});
