// A chart as a table: newest first, thinned to what one reads.
import { quantityText } from '#console/web/src/text/format.ts';
import { secondOf } from '#console/web/src/text/time.ts';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import type { Aligned, Line } from './line.ts';
import { t } from './text.ts';

const ROWS = 30;

interface SeriesTableProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  aligned: Aligned;
  from: number;
  to: number;
}

/** The last poll of each thirtieth of the span. */
function thinned(at: readonly number[], from: number, to: number): number[] {
  const step = (to - from) / ROWS;
  const last = new Map<number, number>();
  for (const [index, time] of at.entries()) if (time >= from) last.set(Math.floor((time - from) / step), index);
  return [...last.values()].reverse();
}

export function SeriesTable({ title, unit, lines, aligned, from, to }: SeriesTableProps) {
  const rows = thinned(aligned.at, from, to);
  return (
    <ScrollArea label={t('tableOf', { title })} className="h-37 overflow-y-auto">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('time')}</th>
            {lines.map((line) => (
              <th key={line.label} scope="col" className="number">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={aligned.at[index]}>
              <td>{secondOf(aligned.at[index] ?? 0)}</td>
              {lines.map((line, column) => (
                <td key={line.label} className="number">
                  {quantityText(aligned.columns[column]?.[index], unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
