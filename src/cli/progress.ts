import { Presets, SingleBar } from "cli-progress";
import type { CommonOptions } from "./output.ts";

const LINE_EVERY_MS = 3000;

export interface Progress {
  update(finished: number, planned: number): void;
  stop(): void;
}

/** A bar with rate and time left when stderr is a terminal; a plain line every few seconds when it is not. */
export function progress(options: CommonOptions, what: string): Progress {
  if (options.quiet) return { update() {}, stop() {} };
  return process.stderr.isTTY ? bar(what) : lines(what);
}

function bar(what: string): Progress {
  const startedMs = performance.now();
  const single = new SingleBar(
    {
      format: `${what} {bar} {value}/{total}  {rate}/s  {eta_formatted} left`,
      stream: process.stderr,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(finished, planned) {
      const rate = (finished / Math.max((performance.now() - startedMs) / 1000, 0.001)).toFixed(1);
      if (!started) single.start(planned, finished, { rate });
      started = true;
      single.update(finished, { rate });
    },
    stop: () => single.stop(),
  };
}

function lines(what: string): Progress {
  const startedMs = performance.now();
  let lastMs = startedMs;
  return {
    update(finished, planned) {
      const nowMs = performance.now();
      if (finished === 0 || (finished < planned && nowMs - lastMs < LINE_EVERY_MS)) return;
      lastMs = nowMs;
      const seconds = (nowMs - startedMs) / 1000;
      const left = (seconds / finished) * (planned - finished);
      process.stderr.write(
        `${what}: ${finished} of ${planned}, ${(finished / seconds).toFixed(1)}/s, ${left.toFixed(0)} s left\n`,
      );
    },
    stop() {},
  };
}
