// Keeps what is selected while pages come and go; rows ask it one by one, so that one press draws one row.
import { addAll, kept, NOTHING, type Selection, takeAll, toggleOne, toggleRange } from './selection.ts';

export class SelectionStore {
  #current: Selection = NOTHING;
  readonly #listeners = new Set<() => void>();

  get current(): Selection {
    return this.#current;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  toggle(id: string): void {
    this.#set(toggleOne(this.#current, id));
  }

  toggleRange(id: string, seen: readonly string[]): void {
    this.#set(toggleRange(this.#current, id, seen));
  }

  /** Walking with Shift: both ends are selected. */
  extend(from: string | undefined, to: string): void {
    this.#set({ ...addAll(this.#current, from === undefined ? [to] : [from, to]), anchor: to });
  }

  addAll(seen: readonly string[]): void {
    this.#set(addAll(this.#current, seen));
  }

  takeAll(seen: readonly string[]): void {
    this.#set(takeAll(this.#current, seen));
  }

  clear(): void {
    this.#set(NOTHING);
  }

  keepOnly(isKnown: (id: string) => boolean): void {
    this.#set(kept(this.#current, isKnown));
  }

  #set(next: Selection): void {
    if (next === this.#current) return;
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }
}
