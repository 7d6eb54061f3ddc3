const MICROSECONDS: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
};

/** A duration as Go writes it (`1m30s`, `0.5h`, `0`), in microseconds; undefined when it is none. Source: time.ParseDuration. */
export function goDurationUs(text: unknown): number | undefined {
  if (text === "0") return 0;
  if (typeof text !== "string" || !/^-?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(number) * MICROSECONDS[unit];
  }
  return Math.round(text.startsWith("-") ? -sum : sum);
}
