import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { compileGoTemplate } from "./go-template.ts";
import { TemplateError } from "./go-template-error.ts";
import { PerfRecipe } from "./perf-recipe.ts";

/** Undefined when the text is no manifest. */
function read(text: string): KubernetesObjects | undefined {
  try {
    return readManifestText(text, "t.yaml", { nameless: "accept" });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const templates = [
  "kind: Pod\nmetadata: { name: 'p-{{.Index}}', labels: { 'k-{{Mod .Index 3}}': '{{.value}}' } }",
  "kind: Pod\nmetadata: { generateName: p- }\nspec:\n  priority: {{if .value}}{{.Index}}{{else}}1{{end}}\n  nodeSelector: { zone: {{.value}} }",
  "kind: Node\nmetadata: { name: n{{.Index}} }\nstatus: { capacity: { x.io/r-{{.Index}}: 1, memory: {{.Index}}Mi } }",
  "kind: Service\nmetadata: { name: s, labels: { a: {{.value}}-x } }\nspec: { selector: { app: '{{.value}}' } }",
];

/** What is made in place of reading is what reading gives. */
function expectSame(recipe: PerfRecipe, pieces: readonly string[]): void {
  const whole = read(pieces.join(""));
  const made = whole === undefined ? undefined : recipe.objects(pieces);
  if (made !== undefined) expect(made).toEqual(whole);
}

describe("a recipe", () => {
  it("always makes what reading the whole text gives", () => {
    const value = fc.oneof(
      fc.constantFrom("a", "true", "5", "null", "a: b", "#c", "x.y-z", "-1", "1e3", "off"),
      fc.stringMatching(/^[a-z0-9.-]{1,8}$/),
    );
    const values = fc.array(fc.record({ Index: fc.nat(40), value }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...templates), values, (template, list) => {
        const compiled = compileGoTemplate(template);
        const recipe = new PerfRecipe(read);
        for (const fields of list) expectSame(recipe, compiled.pieces(fields));
      }),
      { numRuns: 300 },
    );
  });

  it("shares the parts in which objects do not differ", () => {
    const recipe = new PerfRecipe(read);
    const { pieces } = compileGoTemplate(
      "kind: Pod\nmetadata: { name: p-{{.Index}} }\nspec: { nodeSelector: { a: b } }",
    );
    const made = [0, 1, 2, 3].map((Index) => recipe.objects(pieces({ Index }))?.pods[0]);
    expect(made.map((pod) => pod?.metadata?.name)).toEqual([undefined, "p-1", "p-2", "p-3"]);
    expect(made[2]?.spec).toBe(made[3]?.spec);
  });
});

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");

describe.skipIf(!existsSync(upstream))(
  "the templates of Kubernetes v1.37 (needs ../shared/upstream/scheduler_perf)",
  () => {
    it("are made as they would be read", async () => {
      const files = (await readdir(upstream, { recursive: true })).filter((file) =>
        /templates\/.*\.yaml$/.test(file),
      );
      let made = 0;
      for (const file of files) {
        const { pieces } = compileGoTemplate(readFileSync(join(upstream, file), "utf8"));
        const recipe = new PerfRecipe(read);
        for (const Index of [0, 1, 2, 11, 25]) {
          const fields = {
            Index,
            Count: 30,
            class: "example.com/gpu",
            classes: 25,
            PodGroupCount: 3,
            podsPerGroup: 2,
            minCount: 1,
          };
          try {
            const rendered = pieces(fields);
            if (Index === 25) made++;
            expectSame(recipe, rendered);
          } catch (error) {
            // Templates of pod groups that need parameters of their own.
            if (!(error instanceof TemplateError)) throw error;
          }
        }
      }
      expect(files.length).toBeGreaterThan(100);
      expect(made).toBeGreaterThan(files.length - 10);
    });
  },
);
