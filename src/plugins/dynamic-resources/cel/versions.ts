import type { Environment } from "@marcbachmann/cel-js";
import { CelSemver, normalizeVersion } from "../cel-values.ts";

const SEMVER = "kubernetes.Semver";

/** Versions: apiserver/pkg/cel/library/semverlib.go. */
export function addVersions(environment: Environment): void {
  const add = (signature: string, run: (value: CelSemver, ...rest: never[]) => unknown) =>
    environment.registerFunction(`${SEMVER}.${signature}`, run);
  const parse = (text: string, normalize = false) =>
    CelSemver.parse(normalize ? normalizeVersion(text) : text);
  const isVersion = (text: string, normalize = false): boolean => {
    try {
      parse(text, normalize);
      return true;
    } catch {
      return false;
    }
  };
  environment.registerType(SEMVER, { ctor: CelSemver, fields: {} });
  environment.registerFunction(`semver(string): ${SEMVER}`, (text: string) => parse(text));
  environment.registerFunction(`semver(string, bool): ${SEMVER}`, parse);
  environment.registerFunction("isSemver(string): bool", (text: string) => isVersion(text));
  environment.registerFunction("isSemver(string, bool): bool", isVersion);
  environment.registerOperator(
    `${SEMVER} == ${SEMVER}`,
    (a: CelSemver, b: CelSemver) => a.compareTo(b) === 0,
  );
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    add(`${name}(): int`, ({ numbers }) => BigInt.asIntN(64, numbers[index]));
  }
  add(`compareTo(${SEMVER}): int`, (a, b: CelSemver) => BigInt(a.compareTo(b)));
  add(`isGreaterThan(${SEMVER}): bool`, (a, b: CelSemver) => a.compareTo(b) > 0);
  add(`isLessThan(${SEMVER}): bool`, (a, b: CelSemver) => a.compareTo(b) < 0);
}
