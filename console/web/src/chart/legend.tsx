// What each line is, its value now or where one points, and a switch for each group of lines.
import { quantityText } from '#console/web/src/text/format.ts';
import type { Pointed } from './drawing.tsx';
import { type Aligned, colourOf, DASHES, dashOf, groupOf, type Line } from './line.ts';
import { lastOf } from './summary.ts';
import { t } from './text.ts';
import { momentText } from './time-ticks.ts';

interface LegendProps {
  lines: readonly Line[];
  unit: string;
  aligned: Aligned;
  pointed: Pointed | undefined;
  spanMs: number;
  hidden: ReadonlySet<string>;
  onToggle: (group: string) => void;
}

export function Legend({ lines, unit, aligned, pointed, spanMs, hidden, onToggle }: LegendProps) {
  const at = pointed === undefined ? undefined : aligned.at[pointed.index];
  const wordsOf = (line: Line, index: number) =>
    quantityText(at === undefined ? lastOf(line) : aligned.columns[index]?.[pointed?.index ?? 0], unit);
  const groups = [...new Set(lines.map(groupOf))];
  return (
    <div className="chart-legend">
      {groups.map((group) => {
        const own = [...lines.entries()].filter(([, line]) => groupOf(line) === group);
        const isNamed = own.some(([, line]) => line.label !== group);
        const body = (
          <>
            {isNamed && (
              <span className="max-w-40 truncate" title={group}>
                {group}
              </span>
            )}
            {own.map(([index, line]) => (
              <span key={line.label} className="chart-line">
                <Swatch line={line} index={index} />
                <span className="max-w-48 truncate" title={line.label}>
                  {isNamed ? line.label.slice(group.length).trim() : line.label}
                </span>
                <span className="font-medium text-ink">{wordsOf(line, index)}</span>
              </span>
            ))}
          </>
        );
        // Of one group alone there is nothing to switch.
        if (groups.length < 2)
          return (
            <span key={group} className="chart-group">
              {body}
            </span>
          );
        return (
          <button
            key={group}
            type="button"
            className="chart-group chart-switch"
            aria-pressed={!hidden.has(group)}
            title={t(hidden.has(group) ? 'showLine' : 'hideLine', { line: group })}
            onClick={() => onToggle(group)}
          >
            {body}
          </button>
        );
      })}
      <span className="chart-moment">
        {pointed?.mark !== undefined && <span className="mr-2 text-changed">{pointed.mark.text}</span>}
        {at === undefined ? '' : momentText(at, spanMs)}
      </span>
    </div>
  );
}

function Swatch({ line, index }: { line: Line; index: number }) {
  return (
    <svg viewBox="0 0 16 4" aria-hidden="true" className="h-1 w-4 shrink-0">
      <path
        d="M0 2h16"
        stroke={`var(--color-series-${colourOf(line, index) + 1})`}
        strokeWidth="2.4"
        strokeDasharray={DASHES[dashOf(line, index)]?.join(' ')}
      />
    </svg>
  );
}
