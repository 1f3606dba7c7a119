// Single keys as shortcuts: never while one types, never with a modifier, and off when a person turned them off.
import { useEffect } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';

const SETTING = 'rmm-keys';

export const areKeysOn = (): boolean => readStored(SETTING) !== 'off';
export const setKeysOn = (isOn: boolean): void => writeStored(SETTING, isOn ? 'on' : 'off');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** A handler that returns false left the key alone. */
export type Keys = Readonly<Record<string, () => unknown>>;

export function useKeys(keys: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || !areKeysOn() || document.querySelector('dialog[open], .menu:popover-open') !== null)
        return;
      const handler = keys[event.key];
      if (handler !== undefined && handler() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [keys]);
}
