// Text cut and padded to columns of a terminal; what a device wrote is inert before it comes here.
import { inert } from '#shared/base/inert-text.ts';

/** Letters that take two columns: East Asian ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
/** Marks that sit on the letter before them. */
const COMBINING = /\p{Mn}|\p{Me}/u;

const widthOf = (letter: string): number => (COMBINING.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1);

/** Exactly `width` columns: cut with an ellipsis, or padded. */
export function cut(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const letters = [...inert(text)];
  const total = letters.reduce((sum, letter) => sum + widthOf(letter), 0);
  if (total <= width)
    return align === 'left' ? padded(letters, width - total) : `${' '.repeat(width - total)}${letters.join('')}`;
  const kept: string[] = [];
  let used = 0;
  for (const letter of letters) {
    const next = widthOf(letter);
    if (used + next > width - 1) break;
    kept.push(letter);
    used += next;
  }
  return width <= 0 ? '' : `${kept.join('')}…${' '.repeat(width - 1 - used)}`;
}

const padded = (letters: readonly string[], padding: number): string => `${letters.join('')}${' '.repeat(padding)}`;

export type Tone = 'plain' | 'good' | 'bad' | 'warning' | 'quiet' | 'strong' | 'chosen';

const CODES: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '\u001b[32m',
  bad: '\u001b[31;1m',
  warning: '\u001b[33m',
  quiet: '\u001b[2m',
  strong: '\u001b[1m',
  chosen: '\u001b[7m',
};

/** NO_COLOR is honoured by whoever makes the painter; the chosen row is always shown. */
export type Paint = (tone: Tone, text: string) => string;

export const painter =
  (isPlain: boolean): Paint =>
  (tone, text) =>
    tone === 'plain' || (isPlain && tone !== 'chosen') ? text : `${CODES[tone]}${text}\u001b[0m`;
