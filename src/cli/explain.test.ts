import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, stowage } from "./testdata/stowage-command.ts";

const CASES = join(ROOT, "src/decisions/testdata/fit.jsonl.gz");

/** What kubectl get nodes,pods -A -o json prints. */
const LIST = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: [
    {
      kind: "Node",
      apiVersion: "v1",
      metadata: { name: "n1" },
      status: { allocatable: { cpu: "2", pods: "9" } },
    },
    {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "web-0", namespace: "shop" },
      spec: { containers: [{ name: "c", resources: { requests: { cpu: "3" } } }] },
    },
  ],
});

describe("stowage explain", () => {
  it("reads what kubectl prints from stdin, and says what would help", () => {
    const args = [join(ROOT, "dist/cli/main.js"), "explain", "-", "--pod", "shop/web-0", "--json"];
    const { status, stdout } = spawnSync(process.execPath, args, { input: LIST, encoding: "utf8" });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      input: "-",
      pod: "shop/web-0",
      policy: "default",
      node: null,
      smallestChange: { sets: [{ changes: [{ kind: "lower-request", field: "cpu", from: "3", to: "2" }] }] },
      decision: { pod: "shop/web-0", attempt: 1, outcome: "unschedulable" },
    });
    const wrong = spawnSync(process.execPath, args.with(4, "shop/web-1"), { input: LIST, encoding: "utf8" });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toBe('stdin: unknown pod: "shop/web-1", did you mean shop/web-0?\n');
  });

  it("explains a recorded case in words, under another policy as well, and refuses what is not there", () => {
    const shown = stowage(["explain", CASES, "--pod", "default/p1", "--diff", "most-allocated"]);
    expect([shown.code, shown.stderr]).toEqual([0, ""]);
    expect(shown.stdout).toMatch(/^default\/p1, policy default-scheduler, \d+ nodes, case fit-1-00000\n/);
    expect(shown.stdout).toContain("default-scheduler and most-allocated");
    const wrong = stowage(["explain", CASES, "--case", "fit-9"]);
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toContain('unknown case: "fit-9"');
    const help = stowage(["explain", "--help"]).stdout;
    expect(help.match(/^ +.*stowage explain .*--pod|^ +stowage explain cases/gm)).toHaveLength(2);
  });
});
