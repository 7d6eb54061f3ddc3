import { dirname, join } from "node:path";
import { UserError } from "../base/errors.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { renderGoTemplate, TemplateError } from "./go-template.ts";
import { readText } from "./input-text.ts";
import { Unsupported } from "./perf-unsupported.ts";

type TemplateData = Readonly<Record<string, string | number | boolean | undefined>>;

/** The template files of one `performance-config.yaml`, read once and rendered as often as needed. */
export class PerfTemplates {
  readonly #config: string;
  readonly #texts = new Map<string, string>();
  readonly #objects = new Map<string, KubernetesObjects>();

  constructor(config: string) {
    this.#config = config;
  }

  /** Texts in the order in which they were first asked for; part of the input's identity. */
  get texts(): readonly string[] {
    return [...this.#texts.values()];
  }

  /** @throws UserError when a file cannot be read. */
  async load(paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      if (this.#texts.has(path)) continue;
      this.#texts.set(path, (await readText(this.#fileOf(path))).text);
    }
  }

  /** Whether each of the objects made from it may differ. */
  isConstant(path: string): boolean {
    return !this.#texts.get(path)!.includes("{{");
  }

  /**
   * The objects of a rendered template.
   * @throws Unsupported when the template needs more than the subset of Go's templates.
   * @throws UserError when the rendered text is no manifest.
   */
  render(path: string, data: TemplateData): KubernetesObjects {
    const text = this.#rendered(path, data);
    const key = `${path}\n${text}`;
    let objects = this.#objects.get(key);
    if (objects === undefined) {
      objects = readManifestText(text, this.#fileOf(path), { nameless: "accept" });
      // Rendered texts of thousands of pods are not worth keeping.
      if (this.isConstant(path)) this.#objects.set(key, objects);
    }
    return objects;
  }

  #rendered(path: string, data: TemplateData): string {
    const text = this.#texts.get(path);
    if (text === undefined)
      throw new UserError([{ where: this.#fileOf(path), what: "missing template; it was not loaded" }]);
    try {
      return withGoFieldNames(renderGoTemplate(text, data));
    } catch (error) {
      if (error instanceof TemplateError) throw new Unsupported(`${error.message} in ${path}`);
      throw error;
    }
  }

  #fileOf(path: string): string {
    return join(dirname(this.#config), path);
  }
}

/** Upstream decodes templates as Go does, which takes field names in any case; its own templates write two so. */
function withGoFieldNames(text: string): string {
  return text.replace(/^(\s+(?:- )?)N(ode(?:Affinity|Taints)Policy:)/gm, "$1n$2");
}
