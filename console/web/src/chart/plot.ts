// The drawing itself, by uPlot: one set of options for every chart, colours from the page's own tokens.
import uPlot from 'uplot';
import { colourOf, DASHES, dashOf, type Line } from './line.ts';
import type { Mark } from './marks.ts';
import { bottomOf, tickText, topOf } from './scale.ts';
import { drawStretches, type Stretch } from './stretches.ts';
import { timeTicks } from './time-ticks.ts';

/** How a line looks; a chart is made anew when this changes, not when its values do. */
export interface LineLook {
  colour: number;
  dash: number;
}

export interface PlotOptions {
  unit: string;
  looks: readonly LineLook[];
  /** The top of the scale where it is known, such as 1 for a share. */
  fixedTop: number | undefined;
  width: number;
  height: number;
  /** The newest of each, whenever the plot draws or hears something. */
  marks: () => readonly Mark[];
  stretches: () => readonly Stretch[];
  onCursor: (index: number | undefined, px: number) => void;
  /** A span that was dragged over; undefined where charts do not zoom. */
  onZoom: ((from: number, to: number) => void) | undefined;
}

/** Wide enough for "512 KiB/s", and the same for all, so that charts above each other share their times. */
const AXIS_PX = 64;
/** Charts with this key show the same instant under the cursor. */
const SYNC_KEY = 'device';
/** A load or a rate below it is drawn as what it is: little. */
const LEAST: Readonly<Record<string, number>> = {
  load: 1,
  'bytes/s': 16_384,
  ratio: 0.02,
  ms: 100,
  '1/s': 1,
  count: 4,
};
/** A shorter drag is a press that slipped. */
const LEAST_DRAG_PX = 6;

export const looksOf = (lines: readonly Line[]): LineLook[] =>
  lines.map((line, index) => ({ colour: colourOf(line, index), dash: dashOf(line, index) }));

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();

/** Points that have a gap on both sides would be invisible as a line. */
function lonely(plot: uPlot, series: number): number[] | null {
  const values = plot.data[series] ?? [];
  const alone = [...values.keys()].filter((i) => values[i] != null && values[i - 1] == null && values[i + 1] == null);
  return alone.length === 0 ? null : alone;
}

/** Columns of the data: the times, each line's average, then each line's lowest and highest, seen only as the band between. */
function seriesOf({ looks }: PlotOptions): uPlot.Series[] {
  const drawn = looks.map(({ colour, dash }): uPlot.Series => {
    const stroke = token(`series-${colour + 1}`);
    const dashes = DASHES[dash];
    return {
      stroke,
      width: 1.5,
      ...(dashes === undefined ? {} : { dash: dashes }),
      points: { size: 4, fill: stroke, filter: (plot, series) => lonely(plot, series) },
    };
  });
  const bound: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return [{}, ...drawn, ...looks.flatMap(() => [{ ...bound }, { ...bound }])];
}

const bandsOf = ({ looks }: PlotOptions): uPlot.Band[] =>
  looks.map(({ colour }, index) => ({
    series: [looks.length + 2 * index + 2, looks.length + 2 * index + 1],
    fill: `color-mix(in oklch, ${token(`series-${colour + 1}`)} 20%, transparent)`,
  }));

function axesOf({ unit }: PlotOptions): uPlot.Axis[] {
  const shared = {
    stroke: token('muted'),
    font: `11px "Inter Variable", sans-serif`,
    grid: { stroke: token('grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...shared, size: 24, gap: 6, space: 64, values: (_plot, splits) => timeTicks(splits) },
    {
      ...shared,
      size: AXIS_PX,
      gap: 6,
      splits: (_plot, _axis, min, max) => [min, (min + max) / 2, max],
      values: (_plot, splits) => splits.map((value) => tickText(value, unit)),
    },
  ];
}

/** Restarts as whole lines, actions as dashed ones, each with a flag at its top. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const { at, kind } of marks) {
    if (min == null || max == null || at < min || at > max) continue;
    const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    const colour = token(kind === 'restart' ? 'changed' : 'accent');
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.setLineDash(kind === 'restart' ? [] : [4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const flag = 5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - flag, bbox.top - flag);
    ctx.lineTo(x + flag, bbox.top - flag);
    ctx.lineTo(x, bbox.top + flag / 2);
    ctx.fill();
  }
  ctx.restore();
}

function takeDrag(plot: uPlot, onZoom: PlotOptions['onZoom']): void {
  const { left, width } = plot.select;
  if (width >= LEAST_DRAG_PX) onZoom?.(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
  if (width > 0) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

const stretchColours = () => ({
  fill: `color-mix(in oklch, ${token('muted')} 7%, transparent)`,
  line: `color-mix(in oklch, ${token('muted')} 22%, transparent)`,
  text: token('muted'),
});

export function createPlot(host: HTMLElement, options: PlotOptions): uPlot {
  const { unit, looks, fixedTop, width, height, marks, stretches, onCursor, onZoom } = options;
  return new uPlot(
    {
      width,
      height,
      ms: 1,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      series: seriesOf(options),
      bands: bandsOf(options),
      axes: axesOf(options),
      scales: {
        x: { time: true },
        y: { range: (_plot, min, max) => [bottomOf(min, unit), fixedTop ?? topOf(max, unit, LEAST[unit] ?? 1)] },
      },
      cursor: {
        drag: { x: onZoom !== undefined, y: false, setScale: false },
        y: false,
        // The pointer's place is everybody's; what is dragged is one chart's, and all follow by the page's address.
        sync: { key: SYNC_KEY, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
        points: { size: 6 },
        bind: { dblclick: () => null },
      },
      hooks: {
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined, plot.cursor.left ?? -1)],
        setSelect: [(plot) => takeDrag(plot, onZoom)],
        // Above the ground and the grid's lines, below the values.
        drawAxes: [(plot) => drawStretches(plot, stretches(), stretchColours())],
        draw: [(plot) => drawMarks(plot, marks())],
      },
    },
    // Filled at once by the caller; empty columns keep the count right until then.
    [[], ...Array.from({ length: 3 * looks.length }, () => [])],
    host,
  );
}
