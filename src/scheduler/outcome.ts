import type { Status } from "./status.ts";

/** What one scheduling attempt decided. One object per cycle runner, overwritten by the next attempt. */
export interface Outcome {
  /** The chosen node's row; -1 when no node will do. */
  node: number;
  /** Devices the pod takes there, as a set of bits. */
  devices: number;
  /** Nodes found feasible: at most what sampling asked for. */
  feasible: number;
  /** Nodes looked at: feasible and rejected. */
  evaluated: number;
  /** The best total; -1 when nothing was scored (one feasible node, or none). */
  score: number;
  /** How many feasible nodes had the best total; more than 1 means that the tie rule decided. */
  tied: number;
  /** Plugins (places in the profile) that rejected the pod or some node, as bits: what must change before it is tried again. */
  rejectors: number;
  /** The plugin that rejected most nodes in a failed attempt; -1 when the pod was scheduled. */
  mainRejector: number;
  /** Set when PreFilter rejected the pod before any node was looked at. */
  preFilterStatus: Status | undefined;
  /** Some feasible node was dropped by an extender. */
  droppedByExtenders: boolean;
  /** The attempt itself failed, in upstream's words: an extender did not answer that must. */
  error: string | undefined;
}

/** Makes an outcome empty again. */
export function forgetOutcome(outcome: Outcome): void {
  outcome.node = -1;
  outcome.devices = 0;
  outcome.feasible = 0;
  outcome.evaluated = 0;
  outcome.score = -1;
  outcome.tied = 0;
  outcome.rejectors = 0;
  outcome.mainRejector = -1;
  outcome.preFilterStatus = undefined;
  outcome.droppedByExtenders = false;
  outcome.error = undefined;
}

export function emptyOutcome(): Outcome {
  return {
    node: -1,
    devices: 0,
    feasible: 0,
    evaluated: 0,
    score: -1,
    tied: 0,
    rejectors: 0,
    mainRejector: -1,
    preFilterStatus: undefined,
    droppedByExtenders: false,
    error: undefined,
  };
}
