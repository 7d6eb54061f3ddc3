import { dirname, join } from "node:path";
import { UserError } from "../base/errors.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { compileGoTemplate, type GoTemplate } from "./go-template.ts";
import { TemplateError } from "./go-template-error.ts";
import type { TemplateValue } from "./go-template-functions.ts";
import { readText } from "./input-text.ts";
import { PerfRecipe } from "./perf-recipe.ts";
import { Unsupported } from "./perf-unsupported.ts";

export type TemplateData = Readonly<Record<string, TemplateValue>>;

/** Rendered texts of thousands of pods are not worth keeping. */
const KEPT_TEXTS = 200;

interface Template {
  readonly file: string;
  readonly text: string;
  /** Compiled when it is first rendered; a template that nothing renders may be wrong. */
  compiled: GoTemplate | undefined;
  readonly recipe: PerfRecipe;
  /** Objects by rendered text. */
  readonly known: Map<string, KubernetesObjects>;
}

/** The template files of one `performance-config.yaml`, read once and rendered as often as needed. */
export class PerfTemplates {
  readonly #config: string;
  readonly #templates = new Map<string, Template>();

  constructor(config: string) {
    this.#config = config;
  }

  /** Texts in the order in which they were first asked for; part of the input's identity. */
  get texts(): readonly string[] {
    return [...this.#templates.values()].map(({ text }) => text);
  }

  /** @throws UserError when a file cannot be read. */
  async load(paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      if (this.#templates.has(path)) continue;
      const file = this.fileOf(path);
      const { text } = await readText(file);
      const recipe = new PerfRecipe((marked) => readIfManifest(marked, file));
      this.#templates.set(path, { file, text, compiled: undefined, recipe, known: new Map() });
    }
  }

  /** A path of the configuration, from the working directory. */
  fileOf(path: string): string {
    return join(dirname(this.#config), path);
  }

  /** Whether each of the objects made from it may differ. */
  isConstant(path: string): boolean {
    return !this.#template(path).text.includes("{{");
  }

  /**
   * A rendered template.
   * @throws Unsupported when the template needs more than the subset of Go's templates.
   */
  text(path: string, data: TemplateData): string {
    return this.#pieces(path, data).join("");
  }

  /**
   * The objects of a rendered template; parts that are equal may be shared.
   * @throws Unsupported when the template needs more than the subset of Go's templates.
   * @throws UserError when the rendered text is no manifest.
   */
  render(path: string, data: TemplateData): KubernetesObjects {
    const { file, known, recipe } = this.#template(path);
    const pieces = this.#pieces(path, data);
    const text = pieces.join("");
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = recipe.objects(pieces);
    if (made !== undefined) return made;
    const objects = readManifestText(text, file, { nameless: "accept" });
    if (known.size < KEPT_TEXTS) known.set(text, objects);
    return objects;
  }

  #template(path: string): Template {
    const template = this.#templates.get(path);
    if (template === undefined)
      throw new UserError([{ where: this.fileOf(path), what: "missing template; it was not loaded" }]);
    return template;
  }

  #pieces(path: string, data: TemplateData): readonly string[] {
    const template = this.#template(path);
    try {
      template.compiled ??= compileGoTemplate(withGoFieldNames(template.text));
      return template.compiled.pieces(data);
    } catch (error) {
      if (error instanceof TemplateError) throw new Unsupported(`${error.message} in ${path}`);
      throw error;
    }
  }
}

function readIfManifest(text: string, file: string): KubernetesObjects | undefined {
  try {
    return readManifestText(text, file, { nameless: "accept" });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Upstream decodes templates as Go does, which takes field names in any case; its own templates write two so. */
function withGoFieldNames(text: string): string {
  return text.replace(/^(\s+(?:- )?)N(ode(?:Affinity|Taints)Policy:)/gm, "$1n$2");
}
