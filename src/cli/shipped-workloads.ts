import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readWorkload } from "../workload/read-workload.ts";

/** The workloads that come with the package, by the name under which a command finds them. */
export async function shippedWorkloads(): Promise<{ readonly name: string; readonly description: string }[]> {
  const folder = fileURLToPath(new URL("../../workloads/", import.meta.url));
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(
    files.map(async (file) => {
      const [workload] = await readWorkload(`${folder}${file}`);
      return { name: `workloads/${file}`, description: workload?.description ?? "" };
    }),
  );
}
