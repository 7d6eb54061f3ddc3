import type { RecordedStatus } from "./recorded-case.ts";

/** A status in the order of fields that the recordings have. */
export function recordedStatus(
  { code, reasons }: Required<Omit<RecordedStatus, "plugin">>,
  plugin?: string,
): RecordedStatus {
  return { code, ...(plugin === undefined ? {} : { plugin }), reasons };
}
