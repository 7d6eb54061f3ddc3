import { readFile } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { compileFunction } from "node:vm";
import { type BuildContext, context, type Plugin } from "esbuild";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";

const SOURCES = resolve(import.meta.dirname, "..");

/** Rooms that get a copy of their own, with the mistake in it; all others are shared with the tests. */
const COPIED = ["scheduler", "plugins"].map((room) => resolve(SOURCES, room) + sep);

const ENTRY = `
export { SchedulingCycle } from "./scheduler/scheduling-cycle.ts";
export { shippedProfiles } from "./plugins/profiles.ts";
`;

/** A wrong piece of source text in the place of a right one, which stands exactly once in the file. */
export interface SourceMistake {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

/** A mistake as its list names it: what it is, where, what stands there, and what it makes of that. */
export const sourceMistake = (name: string, file: string, right: string, wrong: string): SourceMistake => ({
  name,
  file,
  right,
  wrong,
});

/** The scheduler and the plugins once more. */
export interface PlantedSources {
  readonly SchedulingCycle: typeof SchedulingCycle;
  readonly shippedProfiles: () => readonly Profile[];
}

/** Makes copies of the scheduler and its plugins that differ from what is on disk in one place. Clusters and pods are shared. */
export class SourcePlanter {
  #context: BuildContext | undefined;
  #mistake: SourceMistake | undefined;
  /** Modules that copies share with the tests, by path or name. */
  readonly #shared = new Map<string, unknown>();
  readonly #imports = new Set<string>();

  /** @throws Error when the right text does not stand exactly once in the file, or the wrong one does not compile */
  async plant(mistake: SourceMistake | undefined): Promise<PlantedSources> {
    this.#mistake = mistake;
    this.#context ??= await this.#begin();
    const { outputFiles = [] } = await this.#context.rebuild();
    for (const name of this.#imports) {
      if (!this.#shared.has(name)) this.#shared.set(name, await import(name));
    }
    const module = { exports: {} };
    const run = compileFunction(outputFiles[0].text, ["require", "module", "exports"]) as (
      require: (name: string) => unknown,
      module: { readonly exports: unknown },
      exports: unknown,
    ) => void;
    run((name: string) => this.#shared.get(name), module, module.exports);
    return module.exports as PlantedSources;
  }

  async end(): Promise<void> {
    await this.#context?.dispose();
  }

  #begin(): Promise<BuildContext> {
    return context({
      stdin: { contents: ENTRY, resolveDir: SOURCES, loader: "ts" },
      bundle: true,
      write: false,
      format: "cjs",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      plugins: [this.#plugin()],
    });
  }

  #plugin(): Plugin {
    return {
      name: "one mistake",
      setup: (build) => {
        build.onResolve({ filter: /./ }, ({ path, resolveDir }) => {
          const full = path.startsWith(".") ? resolve(resolveDir, path) : path;
          if (COPIED.some((room) => full.startsWith(room))) return { path: full };
          this.#imports.add(full);
          return { path: full, external: true };
        });
        build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
          const mistake = this.#mistake;
          if (mistake === undefined || relative(SOURCES, path) !== mistake.file) return undefined;
          const text = await readFile(path, "utf8");
          const times = text.split(mistake.right).length - 1;
          if (times !== 1) throw new Error(`${mistake.right}: stands ${times} times in ${mistake.file}`);
          return { contents: text.replace(mistake.right, () => mistake.wrong), loader: "ts" };
        });
      },
    };
  }
}
