// The one chart of the product: live, theme aware, with its gaps, its words for a screen reader, and itself as a table.
import { type ReactNode, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useAppearance } from '#console/web/src/settings/appearance.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { secondOf } from '#console/web/src/text/time.ts';
import { type Aligned, align, type Line } from './line.ts';
import { createPlot, DASHES } from './plot.ts';
import { SeriesTable } from './series-table.tsx';
import { lastOf, summaryOf } from './summary.ts';
import { t } from './text.ts';

export interface TimeSeriesProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  /** The span shown, in milliseconds since 1970. */
  from: number;
  to: number;
  fixedTop?: number | undefined;
  /** Stands beside the title: the choice of a disk or an interface. */
  choice?: ReactNode;
}

const HEIGHT_PX = 148;

export function TimeSeries(props: TimeSeriesProps) {
  const { title, unit, lines, from, to, choice } = props;
  const [cursor, setCursor] = useState<number>();
  const [isTable, setIsTable] = useState(false);
  const aligned = useMemo(() => align(lines), [lines]);
  const titleId = useId();
  return (
    <figure className="panel m-0 min-w-0 px-3 pt-2 pb-1.5" aria-labelledby={titleId}>
      <figcaption className="flex min-h-7 items-center gap-2">
        <span id={titleId} className="font-medium">
          {title}
        </span>
        {choice}
        <span className="grow" />
        <button
          type="button"
          aria-pressed={isTable}
          className="button-quiet text-xs"
          onClick={() => setIsTable(!isTable)}
        >
          {isTable ? t('asChart') : t('asTable')}
          <span className="sr-only"> {t('ofTitle', { title })}</span>
        </button>
      </figcaption>
      <Legend lines={lines} unit={unit} aligned={aligned} cursor={isTable ? undefined : cursor} />
      {isTable ? (
        <SeriesTable title={title} unit={unit} lines={lines} aligned={aligned} from={from} to={to} />
      ) : (
        <Drawing {...props} aligned={aligned} onCursor={setCursor} />
      )}
    </figure>
  );
}

interface LegendProps {
  lines: readonly Line[];
  unit: string;
  aligned: Aligned;
  cursor: number | undefined;
}

/** What each line is, and its value now or under the cursor. */
function Legend({ lines, unit, aligned, cursor }: LegendProps) {
  const at = cursor === undefined ? undefined : aligned.at[cursor];
  return (
    <div className="flex min-h-5 flex-wrap items-center gap-x-4 text-xs text-muted">
      {lines.map((line, index) => (
        <span key={line.label} className="inline-flex items-center gap-1.5">
          <Swatch index={index} />
          {line.label}
          <span className="font-medium text-ink">
            {quantityText(at === undefined ? lastOf(line) : aligned.columns[index]?.[cursor ?? 0], unit)}
          </span>
        </span>
      ))}
      {at !== undefined && <span className="ml-auto">{secondOf(at)}</span>}
    </div>
  );
}

function Swatch({ index }: { index: number }) {
  return (
    <svg viewBox="0 0 16 4" aria-hidden="true" className="h-1 w-4">
      <path
        d="M0 2h16"
        stroke={`var(--color-series-${index + 1})`}
        strokeWidth="2.4"
        strokeDasharray={DASHES[index]?.join(' ')}
      />
    </svg>
  );
}

interface DrawingProps extends TimeSeriesProps {
  aligned: Aligned;
  onCursor: (index: number | undefined) => void;
}

function Drawing({ title, unit, lines, from, to, fixedTop, aligned, onCursor }: DrawingProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = usePlot(host, { unit, count: lines.length, fixedTop, onCursor });
  useEffect(() => {
    const { at, columns } = aligned;
    const [min, max] = bounds(lines);
    plot?.batch(() => {
      plot.setData([at, ...columns, min, max], false);
      plot.setScale('x', { min: from, max: to });
    });
  }, [aligned, lines, from, to, plot]);
  return (
    <>
      <div ref={host} aria-hidden="true" style={{ height: HEIGHT_PX }} />
      <p className="sr-only">{summaryOf(title, lines, unit)}</p>
    </>
  );
}

/** The band of the first line, on the times of all. */
function bounds(lines: readonly Line[]): [Aligned['columns'][number], Aligned['columns'][number]] {
  const low = align(lines, (line) => line.min).columns[0] ?? [];
  const high = align(lines, (line) => line.max).columns[0] ?? [];
  return [low, high];
}

interface PlotShape {
  unit: string;
  count: number;
  fixedTop: number | undefined;
  onCursor: (index: number | undefined) => void;
}

/** Makes the plot anew for another theme or number of lines, and fits it to its place. */
function usePlot(host: RefObject<HTMLDivElement | null>, { unit, count, fixedTop, onCursor }: PlotShape) {
  const [plot, setPlot] = useState<uPlot>();
  const { isDark } = useAppearance();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read when the plot is made, so a change of theme makes a new one
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const made = createPlot(place, {
      unit,
      lines: count,
      fixedTop,
      width: place.clientWidth,
      height: HEIGHT_PX,
      onCursor,
    });
    setPlot(made);
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height: HEIGHT_PX }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      setPlot(undefined);
      made.destroy();
    };
  }, [host, unit, count, fixedTop, onCursor, isDark]);
  return plot;
}
