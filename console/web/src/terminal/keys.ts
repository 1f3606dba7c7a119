// Keys that the terminal leaves to the page, and those that a phone's keyboard lacks.

/** The way out for who has no pointer: everything else on the keyboard belongs to the shell, Tab too. */
export const LEAVE_TEXT = 'Ctrl+Shift+X';

type Pressed = Pick<KeyboardEvent, 'type' | 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

export type PageKey = 'leave' | 'copy' | 'paste';

/** What the page does with a key; undefined for one of the shell's. Ctrl+C copies while something is chosen, and stops a command else. */
export function pageKey(event: Pressed, hasSelection: boolean): PageKey | undefined {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'x' && event.ctrlKey && event.shiftKey) return 'leave';
  if (key === 'c' && hasSelection) return 'copy';
  // The browser pastes by itself, and tells the page of it.
  if (key === 'v') return 'paste';
  return undefined;
}

export const PHONE_KEYS = {
  Esc: '\u001b',
  Tab: '\t',
  'Ctrl+C': '\u0003',
  '↑': '\u001b[A',
  '↓': '\u001b[B',
  '←': '\u001b[D',
  '→': '\u001b[C',
} as const;
export type PhoneKey = keyof typeof PHONE_KEYS;

/** Arrows are others while a program has asked for that. */
export const phoneKeyBytes = (key: PhoneKey, isApplication: boolean): string =>
  isApplication ? PHONE_KEYS[key].replace('\u001b[', '\u001bO') : PHONE_KEYS[key];
