// The lines of one chart: of the device, or a group for each of its disks, interfaces or filesystems, the busiest first.
import { isEmpty, type Line, type TailPoint, withTail } from '#console/web/src/chart/line.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import { type ChartSpec, instancesOf } from './chart-specs.ts';

interface Series {
  name: string;
  instance: string;
  at: readonly number[];
  avg: ReadonlyArray<number | null>;
  min: ReadonlyArray<number | null>;
  max: ReadonlyArray<number | null>;
}

export interface ChartSource {
  spec: ChartSpec;
  series: readonly Series[] | undefined;
  tail: readonly TailPoint[];
  gapMs: number;
  /** The words of a line, in the language of the page. */
  labelOf: (label: ChartSpec['lines'][number]['label']) => string;
}

/** More instances are a storage of disks or a host of containers: nobody tells so many lines apart. */
const MAX_INSTANCES = 8;
/** Seen from the start; the others are a press away in the legend. */
const SEEN_INSTANCES = 3;

export interface ChartLines {
  lines: Line[];
  /** Instances that are there but not drawn. */
  more: number;
  quiet: string[];
}

/** Of the device, lines with nothing at all, such as swap where there is none, are left out; the first always stays. */
export function linesOf(source: ChartSource): ChartLines {
  const { spec } = source;
  if (spec.scope === 'device') {
    const lines = spec.lines.map(({ label }, index) => lineOf(source, index, '', source.labelOf(label)));
    return { lines: lines.filter((line, index) => index === 0 || !isEmpty(line)), more: 0, quiet: [] };
  }
  const instances = busiest(source);
  const shown = instances.slice(0, MAX_INSTANCES);
  const lines = shown.flatMap((instance, colour) =>
    spec.lines.map(({ label }, index) => {
      // An instance of one line is named by itself alone.
      const name = spec.lines.length === 1 ? instance : `${instance} ${source.labelOf(label)}`;
      return { ...lineOf(source, index, instance, name), group: instance, colour, dash: index };
    }),
  );
  return { lines, more: instances.length - shown.length, quiet: shown.slice(SEEN_INSTANCES) };
}

function lineOf({ spec, series, tail, gapMs }: ChartSource, index: number, instance: string, label: string): Line {
  const name = spec.lines[index]?.name ?? '';
  const history = series?.find((one) => one.name === name && one.instance === instance);
  return withTail(label, history, tail, { key: seriesKey(name, instance), gapMs });
}

function busiest({ spec, series, tail }: ChartSource): string[] {
  const [first] = spec.lines;
  if (first === undefined) return [];
  const traffic = new Map(instancesOf(tail.at(-1)?.values ?? {}, first.name).map((instance) => [instance, 0]));
  for (const { name, instance, avg } of series ?? [])
    if (spec.lines.some((line) => line.name === name))
      traffic.set(instance, (traffic.get(instance) ?? 0) + meanOf(avg));
  return [...traffic].sort(([, a], [, b]) => b - a).map(([instance]) => instance);
}

const meanOf = (values: ReadonlyArray<number | null>): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(1, values.length);
