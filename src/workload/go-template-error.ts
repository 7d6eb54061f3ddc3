/** A template that is wrong, or asks for what this subset of Go's text/template does not have. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
