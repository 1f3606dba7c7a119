// Parts of a chart of which there is nothing, hatched, with the reason written where there is room.
import type uPlot from 'uplot';

export interface Stretch {
  from: number;
  to: number;
  /** Why it is empty, in two or three words. */
  text: string;
}

/** Between two lines of the hatching; wide enough to be told from a filled band. */
const HATCH_PX = 8;
const PADDING_PX = 6;

export interface StretchColours {
  fill: string;
  line: string;
  text: string;
}

/** Those of the span, cut to it. */
export const stretchesWithin = (stretches: readonly Stretch[], from: number, to: number): Stretch[] =>
  stretches.flatMap((one) =>
    one.to > from && one.from < to ? [{ ...one, from: Math.max(from, one.from), to: Math.min(to, one.to) }] : [],
  );

/** Below the lines, above the ground. */
export function drawStretches(plot: uPlot, stretches: readonly Stretch[], colours: StretchColours): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  if (min == null || max == null) return;
  ctx.save();
  for (const { from, to, text } of stretchesWithin(stretches, min, max)) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const width = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true)) - left;
    if (width < 1) continue;
    hatch(ctx, { left, top: bbox.top, width, height: bbox.height }, colours);
    ctx.font = `${11 * devicePixelRatio}px "Inter Variable", sans-serif`;
    if (ctx.measureText(text).width + 2 * PADDING_PX * devicePixelRatio > width) continue;
    ctx.fillStyle = colours.text;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(text, left + width / 2, bbox.top + bbox.height / 2);
  }
  ctx.restore();
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function hatch(ctx: CanvasRenderingContext2D, { left, top, width, height }: Box, { fill, line }: StretchColours): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.fillStyle = fill;
  ctx.fillRect(left, top, width, height);
  ctx.strokeStyle = line;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  const step = HATCH_PX * devicePixelRatio;
  // From a grid of the whole canvas, so that the lines of neighbours meet.
  for (let x = Math.floor((left - height) / step) * step; x < left + width; x += step) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}
