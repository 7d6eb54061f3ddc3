import { type Environment, Optional } from "@marcbachmann/cel-js";
import { namespace } from "./namespace.ts";
import { isUrl } from "./urls.ts";

const FORMAT = "kubernetes.NamedFormat";
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const DNS_1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const upTo = (length: number, pattern: RegExp) => (text: string) =>
  text.length <= length && pattern.test(text);
/** What a prefix of a name must be: a dash at its end is replaced by a letter. */
const prefix = (valid: (text: string) => boolean) => (text: string) => valid(text.replace(/-$/, "a"));

/** Kubernetes' named formats (apiserver/pkg/cel/library/format.go) and what each lets in. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Label: upTo(63, DNS_LABEL),
  dns1123Subdomain: upTo(253, DNS_SUBDOMAIN),
  dns1035Label: upTo(63, DNS_1035),
  dns1123LabelPrefix: prefix(upTo(63, DNS_LABEL)),
  dns1123SubdomainPrefix: prefix(upTo(253, DNS_SUBDOMAIN)),
  dns1035LabelPrefix: prefix(upTo(63, DNS_1035)),
  qualifiedName,
  labelValue: (text) => text === "" || upTo(63, QUALIFIED)(text),
  uri: isUrl,
  uuid: (text) => UUID.test(text),
  byte: (text) => BASE64.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
  datetime: (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:?\d\d)$/.test(text) &&
    isDay(text.slice(0, 10)),
};

class CelFormat {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The texts inside of `validate` are this library's own: Kubernetes words each violation at length. */
export function addFormats(environment: Environment): void {
  const format = namespace(environment, "format");
  const values = new Map(Object.keys(FORMATS).map((name) => [name, new CelFormat(name)]));
  environment.registerType(FORMAT, { ctor: CelFormat, fields: {} });
  environment.registerFunction(`${format}.named(string): optional<${FORMAT}>`, (_: unknown, name: string) =>
    Optional.of(values.get(name)),
  );
  for (const [name, value] of values) {
    environment.registerFunction(`${format}.${name}(): ${FORMAT}`, () => value);
  }
  environment.registerFunction(
    `${FORMAT}.validate(string): optional<list<string>>`,
    ({ name }: CelFormat, text: string) =>
      FORMATS[name](text) ? Optional.none() : Optional.of([`not a ${name}`]),
  );
  environment.registerOperator(`${FORMAT} == ${FORMAT}`, (a: CelFormat, b: CelFormat) => a === b);
}

function qualifiedName(text: string): boolean {
  const parts = text.split("/");
  if (parts.length > 2) return false;
  const name = parts.at(-1) ?? "";
  return upTo(63, QUALIFIED)(name) && (parts.length === 1 || upTo(253, DNS_SUBDOMAIN)(parts[0]));
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
