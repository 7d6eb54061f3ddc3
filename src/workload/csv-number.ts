/** A whole number from 0; anything else is reported and read as 0. */
export function countField(text: string, report: (what: string) => void): number {
  const value = text === "" ? Number.NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  report(`invalid number: ${JSON.stringify(text)}; write a whole number from 0`);
  return 0;
}
