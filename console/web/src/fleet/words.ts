// Texts that many rows share: each is kept once, and a row names it by its place.

/** A device may report another mount point with every poll: what comes beyond is not kept, and shows as nothing. */
const MAX_WORDS = 65_536;

/** The place of no text. */
export const NONE = -1;

export class Words {
  readonly #texts: string[];
  readonly #places = new Map<string, number>();

  constructor(texts: readonly string[]) {
    this.#texts = [...texts];
    for (let place = 0; place < this.#texts.length; place += 1) this.#places.set(this.#texts[place] ?? '', place);
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** '' where there is none. */
  at(place: number | undefined): string {
    return this.#texts[place ?? NONE] ?? '';
  }

  placeOf(text: string): number {
    if (text === '') return NONE;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= MAX_WORDS) return NONE;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}
