// The sites and relays that devices stand at, each named by a number that it keeps.
export interface Site {
  id: string;
  name: string;
  lower: string;
  customerId: string;
  customerName: string;
  customerLower: string;
}

export interface Relay {
  id: string;
  name: string;
  lower: string;
  siteId: string;
}

/** Numbers by id; what is not described yet, or no more, has a number all the same. */
class Places<T> {
  readonly #numbers = new Map<string, number>();
  readonly #known: Array<T | undefined> = [];

  placeOf(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const place = this.#known.length;
    this.#numbers.set(id, place);
    this.#known.push(undefined);
    return place;
  }

  at(place: number): T | undefined {
    return this.#known[place];
  }

  get length(): number {
    return this.#known.length;
  }

  /** Those that exist, with their numbers. */
  *all(): Generator<[number, T]> {
    for (const [place, one] of this.#known.entries()) if (one !== undefined) yield [place, one];
  }

  protected fill(some: ReadonlyArray<readonly [string, T]>): void {
    this.#known.fill(undefined);
    for (const [id, one] of some) this.#known[this.placeOf(id)] = one;
  }
}

export class SitePlaces extends Places<Site> {
  replace(sites: ReadonlyArray<Pick<Site, 'id' | 'name' | 'customerId' | 'customerName'>>): void {
    this.fill(
      sites.map((site) => [
        site.id,
        { ...site, lower: site.name.toLowerCase(), customerLower: site.customerName.toLowerCase() },
      ]),
    );
  }
}

export class RelayPlaces extends Places<Relay> {
  replace(relays: ReadonlyArray<Pick<Relay, 'id' | 'name' | 'siteId'>>): void {
    this.fill(relays.map((relay) => [relay.id, { ...relay, lower: relay.name.toLowerCase() }]));
  }
}
