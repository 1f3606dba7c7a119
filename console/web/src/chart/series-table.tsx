// A chart as a table: newest first, thinned to what one reads, with the marks in their places.
import { useMemo } from 'react';
import { quantityText } from '#console/web/src/text/format.ts';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { type Aligned, align, type Line } from './line.ts';
import { type Mark, withMarks } from './marks.ts';
import type { Stretch } from './stretches.ts';
import { t } from './text.ts';
import { momentText } from './time-ticks.ts';

const ROWS = 30;

interface SeriesTableProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  from: number;
  to: number;
  marks: readonly Mark[];
  stretches: readonly Stretch[];
  height: number;
}

interface Row {
  at: number;
  index: number;
}

/** The last poll of each thirtieth of the span. */
function thinned({ at }: Aligned, from: number, to: number): Row[] {
  const step = (to - from) / ROWS;
  const last = new Map<number, Row>();
  for (const [index, time] of at.entries())
    if (time >= from && time <= to) last.set(Math.floor((time - from) / step), { at: time, index });
  return [...last.values()];
}

export function SeriesTable({ title, unit, lines, from, to, marks, stretches, height }: SeriesTableProps) {
  const aligned = useMemo(() => align(lines), [lines]);
  const empty = stretches.map((one) => ({
    at: one.from,
    kind: 'missing' as const,
    text: t('untilMoment', { text: one.text, moment: momentText(one.to, to - from) }),
  }));
  const rows = withMarks(thinned(aligned, from, to), [...marks, ...empty]);
  return (
    <div style={{ height }}>
      <ScrollArea label={t('tableOf', { title })} className="h-full overflow-auto">
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
            {rows.map((row) => (
              <tr key={'index' in row ? row.at : `${row.kind} ${row.at}`}>
                <td className="whitespace-nowrap">{momentText(row.at, to - from)}</td>
                {'index' in row ? (
                  lines.map((line, column) => (
                    <td key={line.label} className="number">
                      {quantityText(aligned.columns[column]?.[row.index], unit)}
                    </td>
                  ))
                ) : (
                  <td colSpan={Math.max(1, lines.length)} className="text-changed">
                    {row.text}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </div>
  );
}
