import { Environment } from "@marcbachmann/cel-js";
import { addAddresses } from "./cel/addresses.ts";
import { addConversions } from "./cel/conversions.ts";
import { equalValues } from "./cel/equal-values.ts";
import { addFormats } from "./cel/formats.ts";
import { addLists } from "./cel/lists.ts";
import { addMacros, addOptionals } from "./cel/macros.ts";
import { addQuantities, QUANTITY } from "./cel/quantities.ts";
import { addRegularExpressions } from "./cel/regular-expressions.ts";
import { addSets } from "./cel/sets.ts";
import { addStrings } from "./cel/strings.ts";
import { addUrls } from "./cel/urls.ts";
import { addVersions } from "./cel/versions.ts";

const DEVICE = "kubernetes.DRADevice";

type Domains = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** The variable `device`: attributes and capacity by domain, then by name. */
export class CelDevice {
  readonly driver: string;
  readonly attributes: Domains;
  readonly capacity: Domains;
  readonly allowMultipleAllocations: boolean;

  constructor(driver: string, attributes: Domains, capacity: Domains, allowMultipleAllocations: boolean) {
    this.driver = driver;
    this.attributes = attributes;
    this.capacity = capacity;
    this.allowMultipleAllocations = allowMultipleAllocations;
  }
}

/**
 * The environment of device selectors: the variable `device`, and the functions of upstream's base environment
 * (dynamic-resource-allocation/cel/compile.go; apiserver/pkg/cel/environment and its library). Trees must be prepared
 * with `prepareTree` before they are checked.
 */
export function deviceEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: true });
  addQuantities(environment);
  environment.registerType(DEVICE, {
    ctor: CelDevice,
    fields: {
      driver: "string",
      attributes: "map<string, map<string, dyn>>",
      capacity: `map<string, map<string, ${QUANTITY}>>`,
      allowMultipleAllocations: "bool",
    },
  });
  environment.registerVariable("device", DEVICE);
  environment.registerFunction("dyn.includes(dyn): bool", (held: unknown, sought: unknown) =>
    Array.isArray(held) ? held.some((value) => equalValues(value, sought)) : equalValues(held, sought),
  );
  for (const add of LIBRARIES) add(environment);
  return environment;
}

const LIBRARIES: readonly ((environment: Environment) => void)[] = [
  addVersions,
  addConversions,
  addStrings,
  addRegularExpressions,
  addLists,
  addSets,
  addAddresses,
  addUrls,
  addFormats,
  addMacros,
  addOptionals,
];
