/** A workload needs what is not modelled, or what upstream itself refuses; the message names it. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
