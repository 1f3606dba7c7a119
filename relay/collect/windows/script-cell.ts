// Reads one member of a row that a script told: text without a language, by the kind that was asked for; unreadable is unknown.
import type { CimKind } from '#relay/transport/cim.ts';

type Cell = string | ReadonlyArray<string | null> | null | undefined;

const INTEGER = /^-?\d{1,20}$/;

function integerOf(text: string): number | undefined {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

const READERS: Readonly<Record<Exclude<CimKind, 'texts' | 'integers'>, (text: string) => unknown>> = {
  text: (text) => text,
  integer: integerOf,
  time: integerOf,
  big: (text) => (INTEGER.test(text) ? BigInt(text) : undefined),
  real: (text) => (/^-?\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'True' ? true : text === 'False' ? false : undefined),
};

/** A list of one may come as a text: PowerShell unrolls it. */
export function readCell(kind: CimKind, cell: Cell): unknown {
  if (cell === null || cell === undefined) return undefined;
  if (kind === 'texts' || kind === 'integers') {
    const texts = (typeof cell === 'string' ? [cell] : cell).filter((text) => text !== null);
    if (kind === 'texts') return texts;
    const numbers = texts.map(integerOf).filter((number) => number !== undefined);
    return numbers.length === texts.length ? numbers : undefined;
  }
  return typeof cell === 'string' ? READERS[kind](cell) : undefined;
}
