// Finds the row of a device by its id: a thousand are looked up with every burst of the feed, and a Map takes a microsecond for each.

/** Four places for each id: those that meet are few. */
const SPARSE = 4;
/** Ids end in what is random of them: 24 bits, for some ten thousand devices. */
const TAIL = 6;

export class IdIndex {
  readonly #ids: readonly string[];
  /** Row + 1 at the first free place from its id's own on; 0 is free. */
  readonly #places: Int32Array;

  /** Of several rows with one id the first is found. */
  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, ids.length) * SPARSE)));
    for (const [row, id] of ids.entries()) {
      const place = this.#placeOf(id);
      if (this.#places[place] === 0) this.#places[place] = row + 1;
    }
  }

  rowOf(id: string): number | undefined {
    const found = this.#places[this.#placeOf(id)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  /** Where the id stands, else where it would: there is always a free place. */
  #placeOf(id: string): number {
    const places = this.#places;
    const last = places.length - 1;
    let place = hashOf(id) & last;
    for (;;) {
      const found = places[place] ?? 0;
      if (found === 0 || this.#ids[found - 1] === id) return place;
      place = (place + 1) & last;
    }
  }
}

/** FNV-1a, folded: what is kept of it are its lowest bits. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = Math.max(0, id.length - TAIL); i < id.length; i += 1)
    hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
