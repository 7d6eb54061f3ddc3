import { type Decoder, Decoding, formatPath } from "../kubernetes/decoder.ts";
import { InputProblems } from "../kubernetes/input-problems.ts";
import { completeConfiguration } from "./complete-configuration.ts";
import type { Configuration } from "./configuration.ts";
import { type ConfigurationSource, type Path, readConfigurationSource } from "./configuration-source.ts";
import {
  type DecodedConfiguration,
  decodeBareConfiguration,
  decodeConfiguration,
} from "./decode-configuration.ts";
import { ProblemReport } from "./problem-report.ts";

/**
 * Reads a KubeSchedulerConfiguration v1 from YAML or JSON as kube-scheduler v1.37.2 does: unknown and duplicate fields are
 * refused, what is left out has its default, and the rest is checked.
 * @throws UserError with every problem, each at `fileName:line:column`
 */
export function readConfiguration(text: string, fileName: string): Configuration {
  const problems = new InputProblems();
  const source = readConfigurationSource(text, fileName, problems);
  const configuration = source && complete(decodeConfiguration, source, problems);
  problems.throwIfAny();
  return configuration as Configuration;
}

/**
 * A configuration that is a value already and does not say what it is, such as that of a recorded case.
 * @throws UserError with every problem, each at its path
 */
export function configurationFromValue(value: Readonly<Record<string, unknown>>): Configuration {
  const problems = new InputProblems();
  const source = { value, whereOf: formatPath, whereOfKey: formatPath };
  const configuration = complete(decodeBareConfiguration, source, problems);
  problems.throwIfAny();
  return configuration;
}

function complete(
  decode: Decoder<DecodedConfiguration>,
  source: ConfigurationSource,
  problems: InputProblems,
): Configuration {
  const decoding = new Decoding();
  const decoded = decode(source.value, decoding) ?? {};
  const misread = decoding.takeProblems();
  const report = new ProblemReport();
  const configuration = completeConfiguration(decoded, report);
  const add = (path: Path, what: string): void => {
    const where = what.startsWith("unknown field") ? source.whereOfKey(path) : source.whereOf(path);
    const place = formatPath(path);
    problems.add(where, place === "" || place === where ? what : `${place}: ${what}`);
  };
  for (const { path, what } of misread) add(path, what);
  // What could not be read is left out, and complaints about what is then missing would mislead.
  for (const { path, what } of report.problems) {
    if (!misread.some((problem) => touches(problem.path, path))) add(path, what);
  }
  return configuration;
}

/** Whether one path leads to a part of the other; that the whole lacks a field says nothing of its parts. */
function touches(misread: Path, path: Path): boolean {
  if (misread.length === 0) return false;
  const shared = Math.min(misread.length, path.length);
  return misread.slice(0, shared).every((key, i) => path[i] === key);
}
