// When an hour of a site is sealed: a little after its end, each site at a moment of its own, and late frames when no more come.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';

/** Frames of an hour are under way for a few seconds after it, a relay's clock may be some behind, and it seals after three and a half minutes itself. */
const AFTER_MS = 240_000;
/** Sites are spread over so long: with 200 of them one is sealed every 1.8 s, and no page waits for many. */
const SPREAD_MS = 360_000;
/** Frames of a backlog come one after the other: a pause this long is their end. */
const QUIET_MS = 60_000;
/** A relay that sends late frames of an hour all the time does not hold up the others of that hour for ever. */
const LATEST_MS = 900_000;
/** Relay-hours whose arrivals are remembered; of the others it is quiet. */
const MAX_ARRIVALS = 10_000;

/** The same for a site at every console and start: FNV-1a. */
export function spreadMs(site: SiteId): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < site.length; i += 1) hash = Math.imul(hash ^ site.charCodeAt(i), 0x01_00_01_93) >>> 0;
  return hash % SPREAD_MS;
}

export const dueAt = (site: SiteId, hour: number): number => (hour + 1) * HOUR_MS + AFTER_MS + spreadMs(site);

/** Until then no hour of any site can be due. */
export const lastHourDue = (now: number): number => Math.floor((now - AFTER_MS) / HOUR_MS) - 1;

/** When frames of each relay's hours came, by a clock that never jumps. */
export class Arrivals {
  readonly #arrivals = new Map<string, { first: number; last: number }>();

  note(relay: RelayId, hour: number, at: number): void {
    const key = `${relay} ${hour}`;
    const known = this.#arrivals.get(key);
    if (known !== undefined) known.last = at;
    else {
      if (this.#arrivals.size >= MAX_ARRIVALS) this.#arrivals.clear();
      this.#arrivals.set(key, { first: at, last: at });
    }
  }

  isQuiet(relay: RelayId, hour: number, now: number): boolean {
    const known = this.#arrivals.get(`${relay} ${hour}`);
    return known === undefined || now - known.last >= QUIET_MS || now - known.first >= LATEST_MS + HOUR_MS;
  }

  forget(relay: RelayId, hour: number): void {
    this.#arrivals.delete(`${relay} ${hour}`);
  }
}
