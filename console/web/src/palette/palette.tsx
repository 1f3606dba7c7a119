// The palette: pages, verbs and things in one list that one finds by typing; the field keeps the focus, arrows walk the list.
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { keyText } from '#console/web/src/shell/key-text.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { enterTopLayer } from '#console/web/src/ui/top-layer.ts';
import type { PaletteEntry } from './palette-entry.ts';
import { PaletteFoot } from './palette-foot.tsx';
import { PaletteList } from './palette-list.tsx';
import { t } from './text.ts';
import { useParts } from './use-parts.tsx';

export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useModal();
  const listId = useId();
  const [query, setQuery] = useState('');
  const found = useParts(query, setQuery);
  const entries = found.parts.flatMap((part) => part.entries);
  const [chosen, setChosen] = useState<string>();
  // What one walked to stays chosen while it is in the list; else the first is meant.
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.key === chosen),
  );
  const run = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    // Closed first: what the entry opens then gives the focus back to where it was.
    if (entry.run() !== true) onClose();
    setChosen(undefined);
  };
  const onKey = (event: KeyboardEvent) => {
    const to = walkTo(event, at, entries.length);
    if (to !== undefined) setChosen(entries[to]?.key);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(entries[at]);
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  };
  const type = (text: string) => {
    setQuery(text);
    setChosen(undefined);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key, and the browser hears it
    <dialog
      ref={dialog}
      aria-label={t('title')}
      className="dialog palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className="palette-frame">
        <div className="palette-field">
          <Icon name="search" className="text-muted" />
          <input
            type="text"
            role="combobox"
            aria-label={t('title')}
            aria-expanded={entries.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={entries.length > 0 ? `${listId}-${at}` : undefined}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={t('placeholder')}
            value={query}
            onChange={(event) => type(event.target.value)}
            onKeyDown={onKey}
          />
          <kbd>{keyText('Esc')}</kbd>
        </div>
        <PaletteList id={listId} parts={found.parts} at={at} onRun={run} />
        <PaletteFoot count={entries.length} query={query} {...found} />
      </div>
    </dialog>
  );
}

/** The index that a key leads to; the ends are joined. */
function walkTo({ key }: KeyboardEvent, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at + count - 1) % count;
  if (key === 'PageDown') return Math.min(count - 1, at + 8);
  if (key === 'PageUp') return Math.max(0, at - 8);
  return undefined;
}

function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const place = dialog.current;
    if (place === null) return;
    place.showModal();
    const leave = enterTopLayer(place);
    return () => {
      leave();
      place.close();
    };
  }, []);
  useEffect(() => dialog.current?.querySelector('input')?.focus(), []);
  return dialog;
}
