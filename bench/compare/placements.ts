import { createHash } from "node:crypto";

/** Decisions in their order as columns, so that noting one makes no garbage. */
export class Placements {
  #pods = new Int32Array(1 << 12);
  #nodes = new Int32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** There will be so many more, so that none of them has to grow the columns. */
  reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#pods.length) return;
    this.#pods = grown(this.#pods, wanted);
    this.#nodes = grown(this.#nodes, wanted);
  }

  add(pod: number, node: number): void {
    if (this.#length === this.#pods.length) this.reserve(this.#length);
    this.#pods[this.#length] = pod;
    this.#nodes[this.#length] = node;
    this.#length++;
  }

  /** One line `namespace/name,node` for each. */
  text(podName: (row: number) => string, nodeName: (row: number) => string): string {
    const lines: string[] = [];
    for (let i = 0; i < this.#length; i++) {
      lines.push(`${podName(this.#pods[i])},${nodeName(this.#nodes[i])}\n`);
    }
    return lines.join("");
  }
}

/** SHA-256 of the text of placements, in hexadecimal digits. */
export function placementsDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function grown(column: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(column);
  return longer;
}

/** Nodes by `namespace/name`, from the text of placements. */
export function placementsByPod(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(",")), line.slice(line.indexOf(",") + 1)]));
}
