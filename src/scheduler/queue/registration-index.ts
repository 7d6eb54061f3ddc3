import type { EventRegistration } from "./event-registration.ts";
import { matches, type QueueEvent } from "./queue-event.ts";

/** Who registered for what, by event: the registrations of each profile that match it. */
export class RegistrationIndex {
  readonly #profiles: readonly (readonly EventRegistration[])[];
  readonly #matching: Map<QueueEvent, readonly EventRegistration[]>[];
  readonly #plugins = new Map<QueueEvent, readonly string[]>();

  /** @param profiles the registrations of each profile's plugins, in profile order */
  constructor(profiles: readonly (readonly EventRegistration[])[]) {
    this.#profiles = profiles;
    this.#matching = profiles.map(() => new Map<QueueEvent, readonly EventRegistration[]>());
  }

  /** The registrations of a profile that match the event. */
  matching(profile: number, event: QueueEvent): readonly EventRegistration[] {
    let found = this.#matching[profile].get(event);
    if (found === undefined) {
      found = this.#profiles[profile].filter((registration) => matches(registration, event));
      this.#matching[profile].set(event, found);
    }
    return found;
  }

  /** The plugins that registered for the event in any profile, each once. */
  plugins(event: QueueEvent): readonly string[] {
    let names = this.#plugins.get(event);
    if (names === undefined) {
      const all = this.#profiles.flatMap((_, profile) => this.matching(profile, event));
      names = [...new Set(all.map(({ plugin }) => plugin))];
      this.#plugins.set(event, names);
    }
    return names;
  }

  /** Whether a plugin of a profile registered for the event; a wildcard concerns everybody. */
  concerns(profile: number, plugin: string, event: QueueEvent): boolean {
    if (event.resource === "*") return true;
    return this.matching(profile, event).some((registration) => registration.plugin === plugin);
  }
}
