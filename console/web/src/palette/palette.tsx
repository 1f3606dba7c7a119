// The palette: a field that takes what one types at once, above a list of pages, verbs and things that comes in a file of its own.
import { type KeyboardEvent, lazy, Suspense, useCallback, useId, useLayoutEffect, useRef, useState } from 'react';
import { keyText } from '#console/web/src/shell/key-text.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { enterTopLayer } from '#console/web/src/ui/top-layer.ts';
import { t } from './text.ts';

const PaletteBody = lazy(async () => ({ default: (await import('./palette-body.tsx')).PaletteBody }));

/** What the list makes of a key; true when it took it. */
export type ListKeys = (key: string) => boolean;

export function Palette({ onClose }: { onClose: () => void }) {
  const { dialog, input } = useModal();
  const listId = useId();
  const [query, setQuery] = useState('');
  // The line that Enter means: the focus stays in the field, a screen reader follows this.
  const [active, setActive] = useState<string>();
  const listKeys = useRef<ListKeys>(() => false);
  const type = useCallback(
    (text: string) => {
      setQuery(text);
      input.current?.focus();
    },
    [input],
  );
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) onClose();
    else if (!listKeys.current(event.key)) return;
    event.preventDefault();
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
            ref={input}
            type="text"
            role="combobox"
            aria-label={t('title')}
            aria-expanded={active !== undefined}
            aria-controls={active === undefined ? undefined : listId}
            aria-autocomplete="list"
            aria-activedescendant={active}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={t('placeholder')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={onKey}
          />
          <kbd>{keyText('Esc')}</kbd>
        </div>
        <Suspense fallback={<div className="palette-list" />}>
          <PaletteBody {...{ listId, query, listKeys, onClose }} onType={type} onActive={setActive} />
        </Suspense>
      </div>
    </dialog>
  );
}

function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const place = dialog.current;
    if (place === null) return;
    place.showModal();
    input.current?.focus();
    const leave = enterTopLayer(place);
    return () => {
      leave();
      // Closed before it is removed: only then does the browser give the focus back.
      place.close();
    };
  }, []);
  return { dialog, input };
}
