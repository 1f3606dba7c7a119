// Keys as shortcuts: never while one types, and off when a person turned them off; one listener hears them all.
import { useEffect } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { KeyRegistry, type Keys } from './key-registry.ts';

const SETTING = 'rmm-keys';

export const areKeysOn = (): boolean => readStored(SETTING) !== 'off';
export const setKeysOn = (isOn: boolean): void => writeStored(SETTING, isOn ? 'on' : 'off');

const NOT_TYPED_INTO = /^(checkbox|radio|button|submit|reset|range|color|file)$/;

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !NOT_TYPED_INTO.test(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName));
}

/** An open dialog or menu has keys of its own. */
const isCovered = (): boolean => document.querySelector('dialog[open], .menu:popover-open') !== null;

export const keyRegistry = new KeyRegistry();

function nameOf(event: KeyboardEvent): string | undefined {
  if (event.altKey) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Mod+${key}`;
  return event.key;
}

function onKey(event: KeyboardEvent): void {
  const key = nameOf(event);
  // Shift and its kin come alone before what they change.
  if (key === undefined || event.defaultPrevented || /^(Shift|Control|Meta|Alt|AltGraph)$/.test(event.key)) return;
  if (isCovered()) {
    keyRegistry.rest();
    return;
  }
  const isFree = !isTyping(event.target) && areKeysOn();
  if (keyRegistry.press({ key, at: event.timeStamp, isFree })) event.preventDefault();
}

let users = 0;

/**
 * `useKeys(useMemo(() => ({ j: { run, what: t('next') }, '/': focusFilter }), []))` while the component stands.
 * "g f" is a chord, "Mod+k" is Ctrl+K or Command+K. Words in `what` put a key on the sheet that "?" opens.
 */
export function useKeys(keys: Keys, of: 'page' | 'frame' = 'page'): void {
  useEffect(() => {
    if (users === 0) document.addEventListener('keydown', onKey);
    users += 1;
    const remove = keyRegistry.add(keys, of === 'page');
    return () => {
      remove();
      users -= 1;
      if (users === 0) document.removeEventListener('keydown', onKey);
    };
  }, [keys, of]);
}
