// Which keys do what at the moment: single keys, chords such as "g f", and Mod+k; the sheet of keys is written from it.

export interface KeyAction {
  /** A handler that returns false left the key alone. */
  run: () => unknown;
  /** What it does, for the sheet; a key without words is not listed. */
  what?: string;
  /** Heard while one types and while single keys are off too; for keys with a modifier. */
  isEverywhere?: boolean;
}
export type Keys = Readonly<Record<string, KeyAction | (() => unknown)>>;

/** A key as the registry knows it: "j", "g", "Mod+k". */
export interface Press {
  key: string;
  at: number;
  /** False while one types, or while single keys are off: then only what is everywhere is heard. */
  isFree: boolean;
}

/** The keys of one line of the sheet, and what they do. */
export interface KeyLine {
  keys: string[];
  what: string;
  isOfPage: boolean;
}

/** Longer between the two keys of a chord is no chord. */
const CHORD_MS = 1_500;

interface Layer {
  keys: Keys;
  isOfPage: boolean;
}

const actionOf = (entry: KeyAction | (() => unknown)): KeyAction =>
  typeof entry === 'function' ? { run: entry } : entry;

export class KeyRegistry {
  #layers: readonly Layer[] = [];
  #pending: { prefix: string; at: number } | undefined;
  readonly #listeners = new Set<() => void>();

  /** Keys of a page win over those of the frame, the newest over the older. Returns what takes them away. */
  add(keys: Keys, isOfPage: boolean): () => void {
    const layer = { keys, isOfPage };
    this.#layers = isOfPage ? [layer, ...this.#layers] : [...this.#layers, layer];
    this.#tell();
    return () => {
      this.#layers = this.#layers.filter((one) => one !== layer);
      this.#tell();
    };
  }

  /** True when somebody took it. */
  press({ key, at, isFree }: Press): boolean {
    const prefix = this.#pending !== undefined && at - this.#pending.at <= CHORD_MS ? this.#pending.prefix : undefined;
    this.#pending = undefined;
    const chord = prefix === undefined ? undefined : `${prefix} ${key}`;
    if (chord !== undefined && isFree && this.#run(chord, isFree)) return true;
    if (this.#run(key, isFree)) return true;
    if (!isFree || !this.#beginsChord(key)) return false;
    this.#pending = { prefix: key, at };
    return true;
  }

  /** Forgets a chord that was begun. */
  rest(): void {
    this.#pending = undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** One line per action; keys that do the same stand in one line. */
  lines(): KeyLine[] {
    const lines: KeyLine[] = [];
    const seen = new Set<string>();
    for (const { keys, isOfPage } of this.#layers)
      for (const [key, entry] of Object.entries(keys)) {
        const { what } = actionOf(entry);
        if (seen.has(key)) continue;
        seen.add(key);
        if (what === undefined) continue;
        const line = lines.find((one) => one.what === what && one.isOfPage === isOfPage);
        if (line === undefined) lines.push({ keys: [key], what, isOfPage });
        else line.keys.push(key);
      }
    return lines;
  }

  #run(key: string, isFree: boolean): boolean {
    for (const { keys } of this.#layers) {
      const entry = keys[key];
      if (entry === undefined) continue;
      const { run, isEverywhere = false } = actionOf(entry);
      if ((isFree || isEverywhere) && run() !== false) return true;
    }
    return false;
  }

  #beginsChord(key: string): boolean {
    return this.#layers.some(({ keys }) => Object.keys(keys).some((one) => one.startsWith(`${key} `)));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
