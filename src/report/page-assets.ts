import { existsSync, readFileSync } from "node:fs";
import { assert } from "../base/assert.ts";

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** The page's script and style, as `npm run build:report` bundles them: beside this file once built, else in dist. */
export function pageAssets(): PageAssets {
  return { script: asset("page.js"), style: asset("page.css") };
}

function asset(name: string): string {
  const places = [`./${name}`, `../../dist/report/${name}`].map((place) => new URL(place, import.meta.url));
  const found = places.find((place) => existsSync(place));
  assert(found !== undefined, `the report's ${name} is not built; npm run build:report makes it`);
  return readFileSync(found, "utf8");
}
