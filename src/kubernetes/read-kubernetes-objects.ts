import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { UserError } from "../base/errors.ts";
import { InputProblems } from "./input-problems.ts";
import type { KubernetesObjects } from "./kubernetes-objects.ts";
import { type CollectOptions, ObjectCollector } from "./object-collector.ts";
import { JsonStreamReader } from "./read-json-stream.ts";
import { isJsonText, readYaml } from "./read-manifest-text.ts";

/** A YAML text becomes one string; Node cannot hold a longer one. */
const greatestYaml = 500 * 2 ** 20;
const chunkSize = 2 ** 20;
const wayOut = "write manifests or the output of kubectl get -o json";

/**
 * Reads the Kubernetes objects of a file, or of a directory of manifests in the order of their names (`.yaml`, `.yml`
 * and `.json`; directories inside are not entered). What a file is shows in its content: JSON (a list, one object,
 * several, an array) is read as it streams by, anything else is YAML; either may be gzipped.
 * Throws a UserError with the problems of all files, each at `file:line:column`.
 */
export async function readKubernetesObjects(
  path: string,
  options: CollectOptions = {},
): Promise<KubernetesObjects> {
  const collector = new ObjectCollector(options);
  const problems = new InputProblems();
  for (const file of await filesAt(path)) await readFile(file, collector, problems);
  problems.throwIfAny();
  return collector.objects();
}

async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path, { withFileTypes: true }))
      .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
      .map((entry) => entry.name)
      .sort();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (error) {
    throw new UserError([{ where: path, what: reasonOf(error) }]);
  }
  const what =
    "missing manifests: no .yaml, .yml or .json file in this directory; name a file or another directory";
  throw new UserError([{ where: path, what }]);
}

async function readFile(file: string, collector: ObjectCollector, problems: InputProblems): Promise<void> {
  try {
    await readChunks(await openText(file), file, collector, problems);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    problems.add(file, reasonOf(error));
  }
}

async function readChunks(
  chunks: AsyncIterable<Buffer>,
  file: string,
  collector: ObjectCollector,
  problems: InputProblems,
): Promise<void> {
  let json: JsonStreamReader | undefined;
  const yaml: Buffer[] = [];
  let yamlLength = 0;
  let isFirst = true;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (isFirst) {
      isFirst = false;
      const refusal = refusalOf(bytes);
      if (refusal !== undefined) return problems.add(file, refusal);
      if (startsWith(bytes, [0xef, 0xbb, 0xbf])) bytes = bytes.subarray(3);
      if (isJsonText(bytes.toString("latin1"))) json = new JsonStreamReader(file, collector, problems);
    }
    if (json === undefined) {
      yaml.push(bytes);
      yamlLength += bytes.length;
      if (yamlLength > greatestYaml) {
        return problems.add(
          file,
          "invalid file: more than 500 MiB of YAML; write it with kubectl get -o json instead",
        );
      }
    } else if (!json.write(bytes)) return;
  }
  if (json !== undefined) json.end();
  else readYaml(Buffer.concat(yaml).toString("utf8"), file, collector, problems);
}

/** The bytes of a file, unpacked when they are gzipped. */
async function openText(file: string): Promise<AsyncIterable<Buffer>> {
  for await (const head of createReadStream(file, { end: 1 }) as AsyncIterable<Buffer>) {
    if (!startsWith(head, [0x1f, 0x8b])) break;
    const packed = createReadStream(file, { highWaterMark: chunkSize });
    const unpacked = createGunzip({ chunkSize });
    packed.on("error", (error) => unpacked.destroy(error));
    return packed.pipe(unpacked);
  }
  return createReadStream(file, { highWaterMark: chunkSize });
}

/** Why a file that begins so cannot be read, if that is so. */
function refusalOf(head: Buffer): string | undefined {
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) {
    return "invalid file: UTF-16 text; write it as UTF-8 (PowerShell: | Out-File -Encoding utf8)";
  }
  if (head.subarray(0, 4096).includes(0)) return `invalid file: not text; ${wayOut}`;
  return undefined;
}

function startsWith(bytes: Buffer, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) throw error;
  switch (error.code ?? "") {
    case "ENOENT":
      return "missing file: nothing has this name; check the path";
    case "EACCES":
    case "EPERM":
      return "unreadable file: permission denied; change its permissions";
    case "EISDIR":
      return "invalid file: a directory; name a file";
    case "Z_BUF_ERROR":
    case "Z_DATA_ERROR":
      return "invalid gzip file: it is damaged or was cut off; write it again";
    default:
      return `unreadable file: ${error.message}; check the path`;
  }
}
