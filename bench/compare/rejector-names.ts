import type { Profile } from "../../src/scheduler/profile.ts";

/** The names of plugins by the bits that an outcome has them in, made once for each set. */
export class RejectorNames {
  readonly #plugins: Profile["plugins"];
  readonly #known = new Map<number, ReadonlySet<string>>();

  constructor({ plugins }: Profile) {
    this.#plugins = plugins;
  }

  of(bits: number): ReadonlySet<string> {
    let names = this.#known.get(bits);
    if (names === undefined) {
      const rejecting = this.#plugins.filter((_, place) => ((bits >> place) & 1) === 1);
      names = new Set(rejecting.map(({ plugin }) => plugin.name));
      this.#known.set(bits, names);
    }
    return names;
  }
}
