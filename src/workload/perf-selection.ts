export interface PerfSelection {
  /** `CASE/WORKLOAD` with `*` for any text, `/` included; undefined: all. */
  readonly select?: string | undefined;
  /** `a,+b,-c`: labels that must be there (`a`, `b`) and must not (`c`); undefined: all. */
  readonly label?: string | undefined;
}

/** Whether a workload is asked for. A selection without `/` is of the case, and takes all its workloads. */
export function isSelected(
  name: string,
  labels: readonly string[],
  { select, label }: PerfSelection,
): boolean {
  if (select !== undefined) {
    const slash = select.indexOf("/");
    const parts = slash === -1 ? [select, "*"] : [select.slice(0, slash), select.slice(slash + 1)];
    // The name of a case holds no "/", that of a workload may.
    const pattern = `^${globPattern(parts[0])}/${globPattern(parts[1])}$`;
    if (!new RegExp(pattern, "s").test(name)) return false;
  }
  return (label ?? "").split(",").every((part) => {
    const wanted = part.trim();
    if (wanted === "") return true;
    if (wanted.startsWith("-")) return !labels.includes(wanted.slice(1));
    return labels.includes(wanted.replace(/^\+/, ""));
  });
}

function globPattern(glob: string): string {
  return glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
}
