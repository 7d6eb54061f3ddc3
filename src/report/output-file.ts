import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../base/errors.ts";

/**
 * Throws a UserError when nothing can be written into a folder, which it makes if need be. For use before a long run: finding out
 * afterwards would cost the run.
 */
export async function checkWritable(directory: string): Promise<void> {
  await writeWhole(directory, ".writable", [""]);
  await rm(join(directory, ".writable"), { force: true });
}

/**
 * Writes a file whole or not at all: beside its place first, then moved. What stood there before stays until then. Parts of `text` are
 * taken one at a time. Throws a UserError that names the folder and the way out.
 */
export async function writeWhole(directory: string, name: string, text: Iterable<string>): Promise<string> {
  const path = join(directory, name);
  const unfinished = `${path}.part`;
  try {
    await makeFolders(directory);
    await writeAll(unfinished, text);
    await rename(unfinished, path);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new UserError([{ where: path, what: await explain(cause, directory) }]);
  }
  return path;
}

/** One folder after another: a recursive mkdir of Node 20 never ends on a file system that has no folders to give, such as /proc. */
async function makeFolders(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (found === undefined && dirname(directory) !== directory) await makeFolders(dirname(directory));
  await mkdir(directory).catch(async (cause: unknown) => {
    // Somebody else was first.
    if (!(await stat(directory).catch(() => undefined))?.isDirectory()) throw cause;
  });
}

async function writeAll(path: string, text: Iterable<string>): Promise<void> {
  const file = await open(path, "w");
  try {
    for (const part of text) await file.writeFile(part);
    // Some file systems report a full disk only now.
    await file.sync();
  } finally {
    await file.close();
  }
}

async function explain(cause: NodeJS.ErrnoException, directory: string): Promise<string> {
  const reason = reasons[cause.code ?? ""] ?? `it cannot be written (${cause.code})`;
  const blocking =
    cause.code === "ENOTDIR" || cause.code === "EEXIST" ? await fileOnTheWay(directory) : undefined;
  const said = blocking === undefined ? reason : `${blocking} is a file, not a folder`;
  const out = wayOut[cause.code ?? ""] ?? "choose another folder with --out";
  return `invalid output folder: ${JSON.stringify(directory)}: ${said}; ${out}`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "no folder can be made there",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file system does not take files of this size",
  ENOTDIR: "part of the path is not a folder",
  EEXIST: "it is not a folder",
  EISDIR: "a folder stands where the file should go",
  ENAMETOOLONG: "the name is too long",
};

const wayOut: Readonly<Record<string, string>> = {
  ENOSPC: "free some space, or choose another folder with --out",
  EDQUOT: "free some space, or choose another folder with --out",
  EISDIR: "move that folder away, or choose another with --out",
};

/** The nearest part of a path that exists and is no folder. */
async function fileOnTheWay(directory: string): Promise<string | undefined> {
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return found.isDirectory() ? undefined : path;
    if (dirname(path) === path) return undefined;
  }
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && "code" in cause && "syscall" in cause;
}
