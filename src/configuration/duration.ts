const secondsPer: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a duration as Go's `time.ParseDuration` reads it: `15s`, `1m30s`, `-0.5h`, `0`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const whole = /^([+-]?)(?:0|((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+))$/.exec(text);
  if (whole === null) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of (whole[2] ?? "").matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    seconds += Number(amount) * secondsPer[unit];
  }
  return whole[1] === "-" ? -seconds : seconds;
}
