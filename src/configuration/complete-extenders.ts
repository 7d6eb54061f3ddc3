import { readFileSync } from "node:fs";
import { isExtendedResource } from "../kubernetes/resource-name.ts";
import type { TlsOptions } from "../plugins/extender/post-synchronously.ts";
import type { Extender } from "./configuration.ts";
import type { Path } from "./configuration-source.ts";
import type { DecodedExtender, DecodedTls } from "./decode-configuration.ts";
import type { ProblemReport } from "./problem-report.ts";

/** Extenders checked and with defaults (upstream: apis/config/validation/validation.go, validateExtenders). */
export function completeExtenders(extenders: readonly DecodedExtender[], report: ProblemReport): Extender[] {
  const names = new Set<string>();
  let binders = 0;
  return extenders.map((extender, i) => {
    const { prioritizeVerb = "", bindVerb = "", weight = 0, managedResources = [] } = extender;
    const path = ["extenders", i];
    if (prioritizeVerb !== "" && weight <= 0) {
      const rule = "must have a positive weight applied to it";
      report.invalid([...path, "weight"], weight, rule, "write a whole number from 1");
    }
    if (bindVerb !== "" && ++binders > 1) {
      report.invalid([...path, "bindVerb"], bindVerb, "only one extender can implement bind", "remove it");
    }
    managedResources.forEach(({ name = "" }, j) => {
      const at = [...path, "managedResources", j, "name"];
      if (!isExtendedResource(name)) {
        report.invalid(at, name, "is an invalid extended resource name", "write one such as example.com/gpu");
      }
      if (names.has(name)) {
        report.add(at, `duplicate extender managed resource name: ${JSON.stringify(name)}; keep one`);
      }
      names.add(name);
    });
    return {
      urlPrefix: extender.urlPrefix ?? "",
      filterVerb: extender.filterVerb ?? "",
      preemptVerb: extender.preemptVerb ?? "",
      prioritizeVerb,
      bindVerb,
      weight,
      enableHTTPS: extender.enableHTTPS ?? false,
      tls: extender.tlsConfig && completeTls(extender.tlsConfig, [...path, "tlsConfig"], report),
      httpTimeoutSeconds: extender.httpTimeout || 5,
      nodeCacheCapable: extender.nodeCacheCapable ?? false,
      managedResources: managedResources.map(({ name = "", ignoredByScheduler = false }) => ({
        name,
        ignoredByScheduler,
      })),
      ignorable: extender.ignorable ?? false,
    };
  });
}

/** Certificates and keys as PEM texts: data (base64) goes before files, as in client-go. */
function completeTls(tls: DecodedTls, path: Path, report: ProblemReport): TlsOptions {
  const pem = (kind: "ca" | "cert" | "key"): string | undefined => {
    const data = tls[`${kind}Data`];
    const file = tls[`${kind}File`];
    if (data) return Buffer.from(data, "base64").toString("utf8");
    if (!file) return undefined;
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      report.add(
        [...path, `${kind}File`],
        `invalid file: ${file}: ${(error as Error).message}; name one that can be read`,
      );
      return undefined;
    }
  };
  return {
    insecure: tls.insecure ?? false,
    serverName: tls.serverName,
    ca: pem("ca"),
    cert: pem("cert"),
    key: pem("key"),
  };
}
