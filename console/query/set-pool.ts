// Sets of names that many devices share (tags, packages, services, users): each set once, its names once over all sets.
import { NamePool } from './name-pool.ts';

const EMPTY = new Uint32Array(0);

interface Kept {
  key: string;
  uses: number;
}

export class SetPool {
  readonly names = new NamePool();
  readonly #numbers = new Map<string, number>([['', 0]]);
  /** By number; number 0 is the empty set for good. */
  readonly #members: Uint32Array[] = [EMPTY];
  readonly #kept: Array<Kept | undefined> = [undefined];
  readonly #free: number[] = [];

  /** `key` names the content: equal keys are equal sets. `make` is asked only for a new one. Give it back with `drop`. */
  take(key: string, make: () => readonly string[]): number {
    const known = this.#numbers.get(key);
    const kept = known === undefined ? undefined : this.#kept[known];
    if (known !== undefined) {
      if (kept !== undefined) kept.uses += 1;
      return known;
    }
    const names = new Set(make());
    if (names.size === 0) return 0;
    const number = this.#free.pop() ?? this.#members.length;
    this.#members[number] = Uint32Array.from(names, (name) => this.names.take(name));
    this.#kept[number] = { key, uses: 1 };
    this.#numbers.set(key, number);
    return number;
  }

  has(key: string): boolean {
    return this.#numbers.has(key);
  }

  drop(number: number): void {
    const kept = this.#kept[number];
    if (kept === undefined) return;
    kept.uses -= 1;
    if (kept.uses > 0) return;
    for (const name of this.members(number)) this.names.drop(name);
    this.#numbers.delete(kept.key);
    this.#members[number] = EMPTY;
    this.#kept[number] = undefined;
    this.#free.push(number);
  }

  /** Numbers of names, in the order in which they were given. */
  members(set: number): Uint32Array {
    return this.#members[set] ?? EMPTY;
  }

  textsOf(set: number): string[] {
    return Array.from(this.members(set), (name) => this.names.texts[name] ?? '');
  }

  get size(): number {
    return this.#numbers.size - 1;
  }

  /** Sets ever numbered: the length of an array by set number. */
  get capacity(): number {
    return this.#members.length;
  }

  /** Has the set a name that passes? Each name and each set is asked at most once; see `NamePool.ask`. */
  ask(test: (lowerCase: string) => boolean): (set: number) => boolean {
    const passes = this.names.ask(test);
    const answers = new Uint8Array(this.#members.length);
    return (set) => {
      const known = answers[set];
      if (known !== undefined && known > 0) return known === YES;
      const isSo = this.members(set).some(passes);
      answers[set] = isSo ? YES : NO;
      return isSo;
    };
  }

  /** The first name of the set that passes. */
  first(set: number, test: (lowerCase: string) => boolean): string | undefined {
    for (const name of this.members(set)) if (test(this.names.lower[name] ?? '')) return this.names.texts[name];
    return undefined;
  }
}

const YES = 1;
const NO = 2;
