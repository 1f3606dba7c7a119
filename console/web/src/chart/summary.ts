// A chart in words, for those who do not see it: where each line is, between what it moved, and when it was silent.
import { duration, quantityText } from '#console/web/src/text/format.ts';
import type { Line } from './line.ts';

const known = (line: Line): number[] => line.avg.filter((value) => value !== null);

/** The newest point, null when the line ends in a gap. */
export const lastOf = (line: Line): number | null => line.avg.at(-1) ?? null;

function lineInWords(line: Line, unit: string): string {
  const values = known(line);
  if (values.length === 0) return `${line.label}: no data`;
  const lowest = Math.min(...line.min.filter((value) => value !== null), ...values);
  const highest = Math.max(...line.max.filter((value) => value !== null), ...values);
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const now = quantityText(lastOf(line), unit);
  return `${line.label}: now ${now}, average ${quantityText(average, unit)}, between ${quantityText(lowest, unit)} and ${quantityText(highest, unit)}`;
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

export function summaryOf(title: string, lines: readonly Line[], unit: string): string {
  const [first] = lines;
  const gap = first === undefined ? { count: 0, ms: 0 } : silences(first);
  const parts = lines.map((line) => lineInWords(line, unit));
  if (gap.count > 0) parts.push(`${gap.count === 1 ? 'one gap' : `${gap.count} gaps`}, ${duration(gap.ms)} in all`);
  return `${title}. ${parts.join('. ')}.`;
}
