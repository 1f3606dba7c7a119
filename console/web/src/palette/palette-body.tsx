// The list below the field: which line is meant, how keys walk it, and what Enter does.
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import type { ListKeys } from './palette.tsx';
import type { PaletteEntry } from './palette-entry.ts';
import { PaletteFoot } from './palette-foot.tsx';
import { PaletteList } from './palette-list.tsx';
import { useParts } from './use-parts.tsx';

interface PaletteBodyProps {
  listId: string;
  query: string;
  listKeys: RefObject<ListKeys>;
  onType: (text: string) => void;
  onActive: (lineId: string | undefined) => void;
  onClose: () => void;
}

interface Choice {
  query: string;
  key: string;
}

export function PaletteBody({ listId, query, listKeys, onType, onActive, onClose }: PaletteBodyProps) {
  const found = useParts(query, onType);
  const entries = found.parts.flatMap((part) => part.entries);
  const [choice, setChoice] = useState<Choice>();
  // What one walked to stays chosen while the text does; for a new text the first line is meant.
  const walked = choice?.query === query ? entries.findIndex((entry) => entry.key === choice.key) : -1;
  const at = Math.max(0, walked);
  const run = (entry: PaletteEntry | undefined) => {
    if (entry !== undefined && entry.run() !== true) onClose();
  };
  useLayoutEffect(() => {
    listKeys.current = (key) => {
      const to = walkTo(key, at, entries.length);
      const next = to === undefined ? undefined : entries[to];
      if (next !== undefined) setChoice({ query, key: next.key });
      else if (key === 'Enter') run(entries[at]);
      else return false;
      return true;
    };
  });
  const active = entries.length === 0 ? undefined : `${listId}-${at}`;
  useEffect(() => onActive(active), [active, onActive]);
  return (
    <>
      <PaletteList id={listId} parts={found.parts} at={at} onRun={run} />
      <PaletteFoot count={entries.length} query={query} {...found} />
    </>
  );
}

/** The index that a key leads to; the ends are joined. */
function walkTo(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at + count - 1) % count;
  if (key === 'PageDown') return Math.min(count - 1, at + 8);
  if (key === 'PageUp') return Math.max(0, at - 8);
  return undefined;
}
