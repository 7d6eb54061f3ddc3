import type { Standing } from "../standing.ts";

/** Whether a node passes the filters of all. */
export function passesAll(standings: readonly Standing[], node: number): boolean {
  for (let i = 0; i < standings.length; i++) if (!standings[i].passes(node)) return false;
  return true;
}
