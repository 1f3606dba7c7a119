// The lines of the palette in their parts, the one that Enter means in sight.
import { useEffect, useRef } from 'react';
import type { PaletteEntry, PalettePart } from './palette-entry.ts';
import { t } from './text.ts';

interface PaletteListProps {
  id: string;
  parts: readonly PalettePart[];
  /** Which line is meant, counted over all parts. */
  at: number;
  onRun: (entry: PaletteEntry) => void;
}

export function PaletteList({ id, parts, at, onRun }: PaletteListProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen line moves, and the list follows it
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, parts]);
  let index = 0;
  return (
    <div ref={list} id={id} role="listbox" aria-label={t('title')} className="palette-list">
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts stand in one order, and two may have one title
        // biome-ignore lint/a11y/useSemanticElements: a group of options, which HTML has no element for
        <div key={place} role="group" aria-labelledby={`${id}-part-${place}`}>
          <div id={`${id}-part-${place}`} className="palette-part">
            {part.title}
          </div>
          {part.entries.map((entry) => {
            const own = index;
            index += 1;
            return <Line key={entry.key} id={`${id}-${own}`} entry={entry} isChosen={own === at} onRun={onRun} />;
          })}
        </div>
      ))}
    </div>
  );
}

interface LineProps {
  id: string;
  entry: PaletteEntry;
  isChosen: boolean;
  onRun: (entry: PaletteEntry) => void;
}

function Line({ id, entry, isChosen, onRun }: LineProps) {
  const { mark, text, hint = '', note = '' } = entry;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys, as a combobox does
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className="palette-line"
      onClick={() => onRun(entry)}
    >
      {mark}
      <span className="palette-text" title={text}>
        {text}
      </span>
      {hint !== '' && (
        <span className="palette-hint" title={hint}>
          {hint}
        </span>
      )}
      {note !== '' && <span className="palette-note">{note}</span>}
    </div>
  );
}
