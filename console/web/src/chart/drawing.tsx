// The picture of a chart: takes the pointer, a drag that zooms, and the keys; says a value where the keys stand.
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useAppearance } from '#console/web/src/settings/appearance.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { type Aligned, align, groupOf, type Line } from './line.ts';
import { type Mark, markNear } from './marks.ts';
import { createPlot, looksOf } from './plot.ts';
import type { Stretch } from './stretches.ts';
import { t } from './text.ts';
import { momentText } from './time-ticks.ts';

/** Where one points: a place of the aligned times, and a mark that is near. */
export interface Pointed {
  index: number;
  mark: Mark | undefined;
}

export interface DrawingProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  from: number;
  to: number;
  fixedTop?: number | undefined;
  height: number;
  marks: readonly Mark[];
  stretches: readonly Stretch[];
  /** Groups that are switched off. */
  hidden: ReadonlySet<string>;
  aligned: Aligned;
  pointed: Pointed | undefined;
  onPoint: (pointed: Pointed | undefined) => void;
  onZoom?: ((from: number, to: number) => void) | undefined;
}

export function Drawing(props: DrawingProps) {
  const { title, lines, from, to, height, hidden, aligned, pointed, marks, stretches } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = usePlot(host, props);
  useEffect(() => {
    const { at, columns } = aligned;
    plot?.batch(() => {
      plot.setData([at, ...columns, ...bounds(lines)], false);
      for (const [index, line] of lines.entries())
        show(plot, { index, count: lines.length }, !hidden.has(groupOf(line)));
      plot.setScale('x', { min: from, max: to });
    });
  }, [aligned, lines, from, to, plot, hidden]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks and stretches are drawn from the newest lists, a new one wants a new drawing
  useEffect(() => plot?.redraw(false), [plot, marks, stretches]);
  const index = pointed?.index ?? aligned.at.length - 1;
  return (
    <div
      className="chart-keys"
      role="slider"
      tabIndex={0}
      aria-label={t('cursorOf', { title })}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={aligned.at[index] ?? to}
      aria-valuetext={pointedText(props, index)}
      aria-description={t('cursorKeys')}
      onKeyDown={(event) => onKey(event, props, plot)}
      onBlur={() => plot?.setCursor({ left: -10, top: -10 })}
    >
      <div ref={host} aria-hidden="true" style={{ height }} />
    </div>
  );
}

function pointedText({ lines, unit, hidden, aligned, from, to, pointed }: DrawingProps, index: number): string {
  const at = aligned.at[index];
  if (at === undefined) return t('nothing');
  const values = lines.flatMap((line, column) =>
    hidden.has(groupOf(line)) ? [] : [`${line.label} ${quantityText(aligned.columns[column]?.[index], unit)}`],
  );
  const mark = pointed?.mark === undefined ? [] : [pointed.mark.text];
  return [momentText(at, to - from), ...values, ...mark].join(', ');
}

/** The line and the band behind it. */
function show(plot: uPlot, { index, count }: { index: number; count: number }, isShown: boolean): void {
  for (const series of [index + 1, count + 2 * index + 1, count + 2 * index + 2])
    if (plot.series[series]?.show !== isShown) plot.setSeries(series, { show: isShown });
}

/** The lowest and highest of each line, on the times of all. */
function bounds(lines: readonly Line[]): Aligned['columns'] {
  const low = align(lines, (line) => line.min).columns;
  const high = align(lines, (line) => line.max).columns;
  return lines.flatMap((_, index) => [low[index] ?? [], high[index] ?? []]);
}

/** How many points a key goes; the page keys go a tenth. */
function stepOf(key: string, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10));
  return { ArrowLeft: -1, ArrowRight: 1, PageDown: -page, PageUp: page, Home: -count, End: count }[key];
}

function onKey(
  event: KeyboardEvent,
  { aligned, pointed, from, to, onZoom }: DrawingProps,
  plot: uPlot | undefined,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const first = Math.max(
    0,
    aligned.at.findIndex((at) => at >= from),
  );
  const last = aligned.at.length - 1;
  const now = pointed?.index ?? last;
  const step = stepOf(event.key, last - first);
  if (step !== undefined && plot !== undefined) {
    event.preventDefault();
    const at = aligned.at[Math.min(last, Math.max(first, now + step))];
    if (at !== undefined) plot.setCursor({ left: plot.valToPos(at, 'x'), top: 10 });
  } else if ((event.key === '+' || event.key === '-') && onZoom !== undefined) {
    event.preventDefault();
    const middle = aligned.at[now] ?? (from + to) / 2;
    const half = ((to - from) * (event.key === '+' ? 0.5 : 2)) / 2;
    onZoom(middle - half, middle + half);
  }
}

/** Makes the plot anew for another theme or other lines, and fits it to its place. */
function usePlot(host: RefObject<HTMLDivElement | null>, props: DrawingProps): uPlot | undefined {
  const { unit, lines, fixedTop, height } = props;
  const [plot, setPlot] = useState<uPlot>();
  const { isDark } = useAppearance();
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const looks = JSON.stringify(looksOf(lines));
  const canZoom = props.onZoom !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read when the plot is made, so a change of theme makes a new one
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const made = createPlot(place, {
      ...{ unit, fixedTop, height, looks: looksOf(latest.current.lines), width: place.clientWidth },
      marks: () => latest.current.marks,
      stretches: () => latest.current.stretches,
      onCursor: (index, px) => {
        const { onPoint, marks } = latest.current;
        const mark = markNear(marks, px, (at) => made.valToPos(at, 'x'));
        onPoint(index === undefined || px < 0 ? undefined : { index, mark });
      },
      onZoom: canZoom ? (from, to) => latest.current.onZoom?.(from, to) : undefined,
    });
    setPlot(made);
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      setPlot(undefined);
      made.destroy();
    };
  }, [host, unit, looks, fixedTop, isDark, height, canZoom]);
  return plot;
}
