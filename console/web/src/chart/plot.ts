// The drawing itself, by uPlot: one set of options for every chart, colours from the page's own tokens.
import uPlot from 'uplot';
import { minuteOf } from '#console/web/src/text/time.ts';
import { tickText, topOf } from './scale.ts';

export interface PlotOptions {
  unit: string;
  lines: number;
  /** The top of the scale where it is known, such as 1 for a share. */
  fixedTop: number | undefined;
  width: number;
  height: number;
  onCursor: (index: number | undefined) => void;
}

/** Wide enough for "512 KiB/s", and the same for all, so that charts above each other share their times. */
const AXIS_PX = 64;
/** Charts with this key show the same instant under the cursor. */
const SYNC_KEY = 'device';
/** A load or a rate below it is drawn as what it is: little. */
const LEAST: Readonly<Record<string, number>> = { load: 1, 'bytes/s': 16_384, ratio: 0.02 };

export const DASHES: ReadonlyArray<number[] | undefined> = [undefined, [6, 3], [2, 3]];

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();

/** Points that have a gap on both sides would be invisible as a line. */
function lonely(plot: uPlot, series: number): number[] | null {
  const values = plot.data[series] ?? [];
  const alone = [...values.keys()].filter((i) => values[i] != null && values[i - 1] == null && values[i + 1] == null);
  return alone.length === 0 ? null : alone;
}

function seriesOf({ lines }: PlotOptions): uPlot.Series[] {
  const drawn = Array.from({ length: lines }, (_, index): uPlot.Series => {
    const colour = token(`series-${index + 1}`);
    return {
      stroke: colour,
      width: 1.5,
      ...(DASHES[index] === undefined ? {} : { dash: DASHES[index] }),
      points: { size: 4, fill: colour, filter: (plot, series) => lonely(plot, series) },
    };
  });
  // The lowest and highest of the first line, seen only as the band between them.
  const bound: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return [{}, ...drawn, bound, { ...bound }];
}

function axesOf({ unit }: PlotOptions): uPlot.Axis[] {
  const shared = {
    stroke: token('muted'),
    font: `11px "Inter Variable", sans-serif`,
    grid: { stroke: token('grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...shared, size: 24, gap: 6, space: 64, values: (_plot, splits) => splits.map(minuteOf) },
    {
      ...shared,
      size: AXIS_PX,
      gap: 6,
      splits: (_plot, _axis, min, max) => [min, (min + max) / 2, max],
      values: (_plot, splits) => splits.map((value) => tickText(value, unit)),
    },
  ];
}

export function createPlot(host: HTMLElement, options: PlotOptions): uPlot {
  const { unit, lines, fixedTop, width, height, onCursor } = options;
  const accent = token('series-1');
  return new uPlot(
    {
      width,
      height,
      ms: 1,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      series: seriesOf(options),
      bands: [{ series: [lines + 2, lines + 1], fill: `color-mix(in oklch, ${accent} 22%, transparent)` }],
      axes: axesOf(options),
      scales: {
        x: { time: true },
        y: { range: (_plot, _min, max) => [0, fixedTop ?? topOf(max, unit, LEAST[unit] ?? 1)] },
      },
      cursor: {
        drag: { x: false, y: false },
        y: false,
        sync: { key: SYNC_KEY },
        points: { size: 6 },
      },
      hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)] },
    },
    // Filled at once by the caller; empty columns keep the count right until then.
    [[], ...Array.from({ length: lines + 2 }, () => [])],
    host,
  );
}
