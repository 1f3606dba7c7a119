// Reads what PowerShell reads of a quoted literal, as its language is written down: nothing of a script but the words of ours may stand outside of one.

/** Each of them opens and closes a literal; two in a row inside are the first of them (about_Quoting_Rules, and the tokenizer's own list). */
const isQuote = (sign: string | undefined): boolean => sign !== undefined && /^['\u2018-\u201b]$/.test(sign);

/** The value of the literal at `from`, and where it ends; undefined where none begins or it is not closed. */
export function literalAt(text: string, from: number): { value: string; end: number } | undefined {
  if (!isQuote(text[from])) return undefined;
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (!isQuote(sign)) value += sign;
    else if (isQuote(text[at + 1])) {
      value += sign;
      at += 1;
    } else return { value, end: at + 1 };
  }
  return undefined;
}

/** The value of the one literal that stands between `before` and `after`, where nothing else does. */
export function onlyLiteral(text: string, before: string, after: string): string | undefined {
  if (!text.startsWith(before)) return undefined;
  const literal = literalAt(text, before.length);
  return literal !== undefined && text.slice(literal.end) === after ? literal.value : undefined;
}
