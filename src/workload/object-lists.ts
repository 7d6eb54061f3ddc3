import type { ObjectMeta } from "../kubernetes/object-meta.ts";
import type { Surroundings } from "./scenario.ts";

/** An object of one of the lists of `Surroundings`. */
export interface NamedObject {
  readonly metadata?: ObjectMeta;
}

/** Objects in the making, by kind. */
export class ObjectLists {
  readonly #lists = new Map<keyof Surroundings, NamedObject[]>();

  add(kind: keyof Surroundings, object: NamedObject): void {
    const list = this.#lists.get(kind);
    if (list === undefined) this.#lists.set(kind, [object]);
    else list.push(object);
  }

  addAll(objects: Partial<Surroundings>): void {
    for (const [kind, list] of entriesOf(objects)) for (const object of list) this.add(kind, object);
  }

  get isEmpty(): boolean {
    return this.#lists.size === 0;
  }

  /** Only the kinds of which there is an object. */
  surroundings(): Partial<Surroundings> {
    // Each object was added under its own kind; the compiler loses that on the way through the names.
    return Object.fromEntries(this.#lists) as Partial<Surroundings>;
  }
}

/** The lists that are there, by kind. */
export function entriesOf(
  objects: Partial<Surroundings>,
): readonly (readonly [keyof Surroundings, readonly NamedObject[]])[] {
  return Object.entries(objects) as unknown as [keyof Surroundings, readonly NamedObject[]][];
}
