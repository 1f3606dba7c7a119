// The one queue of notes: bounded, three in sight, faults stay until somebody has seen them.

export interface Toast {
  id: number;
  kind: 'said' | 'fault';
  text: string;
  /** How long it stays once it is in sight; a fault stays. */
  ms: number | undefined;
  /** Takes back what was done. */
  onUndo?: (() => void) | undefined;
}

export const VISIBLE = 3;
/** What waits behind: more is a storm that nobody reads. */
const WAITING = 20;
/** Time to read two lines; an undo wants a decision too. */
const READ_MS = 6_000;
const UNDO_MS = 10_000;

export class ToastQueue {
  #toasts: readonly Toast[] = [];
  #nextId = 1;
  readonly #listeners = new Set<() => void>();

  /** A short sentence in the past: "3 devices moved". */
  say(text: string, options: { onUndo?: () => void } = {}): void {
    const { onUndo } = options;
    this.#push({ kind: 'said', text, ms: onUndo === undefined ? READ_MS : UNDO_MS, onUndo });
  }

  warn(text: string): void {
    this.#push({ kind: 'fault', text, ms: undefined });
  }

  dismiss(id: number): void {
    this.#set(this.#toasts.filter((toast) => toast.id !== id));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The oldest first; the first VISIBLE of them are in sight. */
  readonly all = (): readonly Toast[] => this.#toasts;

  #push(toast: Omit<Toast, 'id'>): void {
    const last = this.#toasts.at(-1);
    // The same sentence again, such as from a row of presses, is one note.
    const others = last?.text === toast.text && last.kind === toast.kind ? this.#toasts.slice(0, -1) : this.#toasts;
    const next = [...others, { ...toast, id: this.#nextId++ }];
    this.#set(next.length <= VISIBLE + WAITING ? next : withoutOldest(next));
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}

/** At the bound the oldest word that waits goes, faults last. */
function withoutOldest(toasts: readonly Toast[]): Toast[] {
  const found = toasts.findIndex((toast, index) => index >= VISIBLE && toast.kind === 'said');
  const index = found < 0 ? VISIBLE : found;
  return toasts.filter((_, at) => at !== index);
}
