import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration/read-configuration.ts";
import { registry } from "../plugins/registry.ts";
import { argsText, cataloguedPlugins, pluginTable } from "./plugin-catalogue.ts";
import { ROOT } from "./testdata/stowage-command.ts";

/** What a configuration makes of the args of one plugin. */
function completed(name: string, args: string): unknown {
  const text = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles: [{ pluginConfig: [{ name: ${name}, args: { ${args} } }] }]
`;
  const { args: all } = readConfiguration(text, "s.yaml").profiles[0];
  return all[name as keyof typeof all];
}

describe("the catalogue of plugins", () => {
  it("is told in README.md as it is", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const [, told] = /<!-- plugins -->\n([\s\S]*?)\n<!-- end of plugins -->/.exec(readme) ?? [];
    expect(told, "write what `npx stowage list plugins --markdown` prints between the markers").toBe(
      pluginTable(),
    );
  });

  it("has every plugin that a configuration may name, and those of the shipped policies", () => {
    const names = cataloguedPlugins().map(({ name }) => name);
    expect(names.slice(0, registry.size)).toEqual([...registry.keys()]);
    expect(names.slice(registry.size)).toEqual(
      expect.arrayContaining(["DeviceShare", "BestFit", "DotProduct", "GpuPacking", "NoPreference"]),
    );
  });

  it("says of every plugin that is not made here, and of every one of our own, that it differs", () => {
    for (const { name, differences } of cataloguedPlugins()) {
      if (registry.get(name)?.make === undefined)
        expect([name, differences.length > 0]).toEqual([name, true]);
    }
  });

  const withArgs = cataloguedPlugins().filter(({ args }) => Object.keys(args).length > 0);

  it.each(withArgs)(
    "names args of $name that a configuration takes, with its own defaults",
    ({ name, args }) => {
      const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
      const written = completed(name, argsText(given));
      // Of what is absent by default the words above are all there is.
      if (name === "NodeResourcesBalancedAllocation")
        expect(written).toEqual({ resources: ["cpu", "memory"] });
      else expect(written).toEqual(completed(name, ""));
    },
  );
});
