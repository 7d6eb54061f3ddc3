/** A workload uses a feature of scheduler_perf that is not read yet; the message names it. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
