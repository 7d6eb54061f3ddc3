const namePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const greatestInt64 = 2n ** 63n - 1n;
const leastInt64 = -(2n ** 63n);

const valueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const nameSentence =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const prefixSentence =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and " +
  "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const shapeSentence =
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. " +
  "'example.com/MyName')";

/** What the API says against a label key, or nothing. Source: apimachinery/pkg/util/validation, `IsQualifiedName`. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) return shapeSentence;
  const problems: string[] = [];
  const name = parts.at(-1) ?? "";
  if (parts.length === 2) {
    const prefix = parts[0];
    if (prefix === "") problems.push("prefix part must be non-empty");
    else {
      if (prefix.length > 253) problems.push("prefix part must be no more than 253 bytes");
      if (!dnsSubdomain.test(prefix)) problems.push(prefixSentence);
    }
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push("name part must be no more than 63 bytes");
  if (!namePart.test(name)) problems.push(nameSentence);
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** What the API says against a label value, or nothing. Source: the same, `IsValidLabelValue`. */
export function labelValueProblem(value: string): string | undefined {
  const problems: string[] = [];
  if (Buffer.byteLength(value) > 63) problems.push("must be no more than 63 bytes");
  if (value !== "" && !namePart.test(value)) problems.push(valueSentence);
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** Reads what Go's `ParseInt(text, 10, 64)` reads: an optional sign and decimal digits, within 64 bits. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value < leastInt64 || value > greatestInt64 ? undefined : value;
}

/** Whether the text is an int64 as Go prints it: no plus sign, no leading zero, no `-0`. */
export function isCanonicalInt64(text: string): boolean {
  return parseInt64(text)?.toString() === text;
}
