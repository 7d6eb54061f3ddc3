import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "../base/digest.ts";
import { UserError } from "../base/errors.ts";

/** A file's text under the name that the user gave. */
export interface InputText {
  readonly file: string;
  readonly text: string;
}

/** Enough to tell formats apart: the first 64 KiB. */
const HEAD_BYTES = 65_536;

/**
 * What stands at a path: a directory, or the begin of a file.
 * @throws UserError when there is nothing, it cannot be read, or it is empty.
 */
export async function readHead(
  file: string,
): Promise<{ readonly directory: boolean; readonly head: string }> {
  const found = await attempt(file, () => stat(file));
  if (found.isDirectory()) return { directory: true, head: "" };
  const head = await attempt(file, async () => {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  });
  if (head.trim() === "" && found.size <= HEAD_BYTES)
    fail(file, "invalid file: it is empty; write a workload or name another file");
  return { directory: false, head };
}

/** @throws UserError when the file cannot be read. */
export async function readText(file: string): Promise<InputText> {
  return { file, text: await attempt(file, () => readFile(file, "utf8")) };
}

/** The digest of files and directories of files by content, in order; files are streamed, as snapshots may be large. */
export async function digestFiles(paths: readonly string[]): Promise<string> {
  const digests: string[] = [];
  for (const path of paths) {
    const { directory } = await readHead(path);
    const names = directory
      ? (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile())
      : [];
    const files = directory ? names.map(({ name }) => join(path, name)).sort() : [path];
    for (const file of files) {
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
      digests.push(hash.digest("hex"));
    }
  }
  return digest(...digests);
}

async function attempt<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return fail(file, reasonOf(String(error.code)));
  }
}

function reasonOf(code: string): string {
  switch (code) {
    case "ENOENT":
      return "missing file: there is nothing at this path; check the spelling and the working directory";
    case "EACCES":
    case "EPERM":
      return "unreadable file: permission denied; allow reading it";
    case "EISDIR":
      return "invalid file: it is a directory; name a file in it";
    default:
      return `unreadable file: ${code}; name another file`;
  }
}

function fail(file: string, what: string): never {
  throw new UserError([{ where: file, what }]);
}
