/** The words of a template expression; undefined when a character fits none. */
export function tokenizeExpression(expression: string): string[] | undefined {
  const tokens: string[] = [];
  const token = /\s*(?:("(?:[^"\\]|\\.)*"|`[^`]*`|-?\d+(?:\.\d+)?|\$\w*(?:\.\w+)*|(?:\.\w+)+|\.|\w+|[()|]))/y;
  const text = expression.trimEnd();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1]);
  }
  return tokens;
}
