// What a command prints: a table for people, one JSON value for programs. The cells of a table are inert, whatever a device wrote.
import { inert, inertLines } from '#shared/base/inert-text.ts';

export interface Output {
  isJson: boolean;
  write: (text: string) => void;
}

/** Columns as wide as their widest cell; every cell inert. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const lines = [header, ...rows].map((row) => row.map(inert));
  const widths = header.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Lines of "name  value"; what is empty is left out. */
export const pairs = (rows: ReadonlyArray<readonly [string, string]>): string => {
  const shown = rows.filter(([, value]) => value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown
    .map(
      ([name, value]) =>
        `${inert(name).padEnd(width)}  ${inertLines(value).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n');
};

/** Control characters that JSON leaves as they are; terminals take some of them for commands. */
const UNESCAPED = /[\u007f-\u009f]/g;
const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Names of people, files and devices stand in both forms: neither moves the cursor, and JSON is the same value. */
export function print(output: Output, value: unknown, forPeople: () => string): void {
  const text = output.isJson ? JSON.stringify(value ?? null).replaceAll(UNESCAPED, escaped) : inertLines(forPeople());
  output.write(`${text}\n`);
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value: number): string {
  let index = 0;
  let scaled = value;
  while (scaled >= 1024 && index < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    index += 1;
  }
  return `${index === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${BYTE_UNITS[index]}`;
}

/** A reading with its unit, as people read it; unknown is a dash, never zero. */
export function reading(value: number | null, unit: string): string {
  if (value === null) return '-';
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'bytes') return bytes(value);
  if (unit === 'bytes/s') return `${bytes(value)}/s`;
  if (unit === 'ms') return duration(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** "3 d 4 h", "12 min", "5 s": the two largest parts. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts: Array<[number, string]> = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const from = parts.findIndex(([n]) => n > 0);
  if (from < 0) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

export const age = (at: number | null, now: number): string =>
  at === null ? 'never' : `${duration(Math.max(0, now - at))} ago`;
