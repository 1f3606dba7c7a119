// A chart in words, for those who do not see it: where each line is, between what it moved, and when it was silent.
import { duration, quantityText } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import type { Line } from './line.ts';
import type { Mark } from './marks.ts';
import type { Stretch } from './stretches.ts';
import { t } from './text.ts';

const known = (line: Line): number[] => line.avg.filter((value) => value !== null);

/** The newest point, null when the line ends in a gap. */
export const lastOf = (line: Line): number | null => line.avg.at(-1) ?? null;

function lineInWords(line: Line, unit: string): string {
  const values = known(line);
  if (values.length === 0) return t('noData', { line: line.label });
  const lowest = Math.min(...line.min.filter((value) => value !== null), ...values);
  const highest = Math.max(...line.max.filter((value) => value !== null), ...values);
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  return t('line', {
    line: line.label,
    now: quantityText(lastOf(line), unit),
    average: quantityText(average, unit),
    lowest: quantityText(lowest, unit),
    highest: quantityText(highest, unit),
  });
}

function silences(line: Line): { count: number; ms: number } {
  let count = 0;
  let ms = 0;
  for (const [i, value] of line.avg.entries()) {
    if (value !== null || line.avg[i - 1] == null) continue;
    const end = line.avg.findIndex((next, j) => j > i && next !== null);
    count += 1;
    ms += (line.at[end < 0 ? line.at.length - 1 : end] ?? 0) - (line.at[i - 1] ?? 0);
  }
  return { count, ms };
}

/** More marks than one listens to. */
const MAX_MARKS = 5;

export interface Summarised {
  title: string;
  lines: readonly Line[];
  unit: string;
  marks?: readonly Mark[];
  stretches?: readonly Stretch[];
}

export function summaryOf({ title, lines, unit, marks = [], stretches = [] }: Summarised): string {
  const [first] = lines;
  const gap = first === undefined ? { count: 0, ms: 0 } : silences(first);
  const parts = lines.map((line) => lineInWords(line, unit));
  if (gap.count > 0) parts.push(t('gaps', { count: gap.count, duration: duration(gap.ms) }));
  for (const { text, at } of marks.slice(-MAX_MARKS)) parts.push(`${text}, ${fullTime(at)}`);
  for (const { text, from, to } of stretches.slice(-MAX_MARKS))
    parts.push(t('emptyPart', { text, from: fullTime(from), to: fullTime(to) }));
  return `${title}. ${parts.join('. ')}.`;
}
