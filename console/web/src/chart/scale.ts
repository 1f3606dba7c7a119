// The height of a chart and the words at its ticks: three ticks at round numbers, zero always among them.

const DECIMAL_TOPS = [1, 2, 4, 6, 8, 10];

/** The round number at or above `max` whose half is round too; `least` keeps a quiet line quiet. */
export function topOf(max: number | null, unit: string, least: number): number {
  const top = Math.max(max ?? 0, least);
  if (unit.startsWith('bytes')) return 2 ** Math.ceil(Math.log2(top));
  const power = 10 ** Math.floor(Math.log10(top));
  return (DECIMAL_TOPS.find((step) => step * power >= top * (1 - 1e-9)) ?? 10) * power;
}

/** Zero, or the round number below what is less than it. */
export const bottomOf = (min: number | null, unit: string): number =>
  min === null || min >= 0 ? 0 : -topOf(-min, unit, 0);

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const short = (value: number): string => String(Number(value.toPrecision(3)));

export function tickText(value: number, unit: string): string {
  if (value < 0) return `−${tickText(-value, unit)}`;
  if (unit === 'ratio') return `${short(value * 100)}%`;
  if (unit === 'ms') return value < 1_000 ? `${short(value)} ms` : `${short(value / 1_000)} s`;
  if (unit === '1/s') return `${value < 10_000 ? short(value) : `${short(value / 1_000)} k`}/s`;
  if (!unit.startsWith('bytes')) return short(value);
  const index = value < 1 ? 0 : Math.min(BINARY.length - 1, Math.floor(Math.log2(value) / 10));
  return `${short(value / 1024 ** index)} ${BINARY[index]}${unit.slice('bytes'.length)}`;
}
