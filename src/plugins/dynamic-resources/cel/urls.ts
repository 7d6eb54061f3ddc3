import type { Environment } from "@marcbachmann/cel-js";

const URL_TYPE = "kubernetes.URL";

/** URLs that Go's `url.ParseRequestURI` takes: absolute, or a path from the root (apiserver/pkg/cel/library/urls.go). */
export function addUrls(environment: Environment): void {
  const add = (name: string, result: string, run: (url: CelUrl) => unknown) =>
    environment.registerFunction(`${URL_TYPE}.${name}(): ${result}`, run);
  environment.registerType(URL_TYPE, { ctor: CelUrl, fields: {} });
  environment.registerFunction(`url(string): ${URL_TYPE}`, (text: string) => new CelUrl(text));
  environment.registerFunction("isURL(string): bool", (text: string) => isUrl(text));
  environment.registerOperator(`${URL_TYPE} == ${URL_TYPE}`, (a: CelUrl, b: CelUrl) => a.text === b.text);
  add("getScheme", "string", ({ scheme }) => scheme);
  add("getHost", "string", ({ host }) => host);
  add("getHostname", "string", ({ host }) => host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1"));
  add("getPort", "string", ({ host }) => /:(\d*)$/.exec(host)?.[1] ?? "");
  add("getEscapedPath", "string", ({ path }) =>
    path.replaceAll(/[^\w%!$&'()*+,\-./:;=@~]/gu, encodeURIComponent),
  );
  add("getQuery", "map<string, list<string>>", ({ query }) => {
    const values = new Map<string, string[]>();
    for (const [name, value] of new URLSearchParams(query))
      values.set(name, [...(values.get(name) ?? []), value]);
    return values;
  });
}

/** Whether `url()` takes a text. */
export function isUrl(text: string): boolean {
  try {
    return new CelUrl(text).text === text;
  } catch {
    return false;
  }
}

class CelUrl {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string) {
    const problem = (why: string) =>
      new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: ${why}`);
    if (text === "") throw problem("empty url");
    const [, scheme, rest = text] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
    if (scheme === undefined && !text.startsWith("/")) throw problem("invalid URI for request");
    const [, authority, tail = rest] = (scheme !== undefined && /^\/\/([^/?]*)(.*)$/s.exec(rest)) || [];
    const [path, ...query] = tail.split("?");
    const host = authority?.slice(authority.lastIndexOf("@") + 1) ?? "";
    const port = /:(?!.*\])(.*)$/.exec(host)?.[1] ?? "";
    if (!/^\d*$/.test(port)) throw problem(`invalid port ":${port}" after host`);
    const badHost = /[\s"<>\\^`{|}]/.exec(host)?.[0];
    if (badHost !== undefined) throw problem(`invalid character ${JSON.stringify(badHost)} in host name`);
    const badEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(path)?.[0];
    if (badEscape !== undefined) throw problem(`invalid URL escape ${JSON.stringify(badEscape)}`);
    this.text = text;
    this.scheme = scheme?.toLowerCase() ?? "";
    this.host = host;
    this.path = path;
    this.query = query.join("?");
  }
}
