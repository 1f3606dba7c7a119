// How each relay was when it last told: in memory only, for it speaks of the present.
import type { Clock } from '#shared/base/clock.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { Peer } from './link-desk.ts';

/** Relays tell every ten seconds; one that tells more often makes no page busier than this. */
const TELL_EVERY_MS = 3_000;

export interface KnownHealth {
  health: RelayHealth;
  /** When the console heard it, by the console's clock. */
  heardAt: number;
  ageMs: number;
}

export interface HealthBoardDeps {
  clock: Clock;
  /** News for those who look. */
  onHealth: (peer: Peer, health: RelayHealth) => void;
}

interface Entry {
  health: RelayHealth;
  heardAt: number;
  heardMono: number;
  toldMono: number;
}

export class RelayHealthBoard {
  readonly #deps: HealthBoardDeps;
  /** Only relays that were let in are here, one entry each. */
  readonly #entries = new Map<RelayId, Entry>();

  constructor(deps: HealthBoardDeps) {
    this.#deps = deps;
  }

  take(peer: Peer, health: RelayHealth): void {
    const { clock, onHealth } = this.#deps;
    const now = clock.monotonic();
    const toldMono = this.#entries.get(peer.relay)?.toldMono ?? Number.NEGATIVE_INFINITY;
    const isNews = now - toldMono >= TELL_EVERY_MS;
    const entry = { health, heardAt: clock.now(), heardMono: now, toldMono: isNews ? now : toldMono };
    this.#entries.set(peer.relay, entry);
    if (isNews) onHealth(peer, health);
  }

  /** Undefined for a relay that has told nothing in this run of the console. */
  get(relay: RelayId): KnownHealth | undefined {
    const entry = this.#entries.get(relay);
    if (entry === undefined) return undefined;
    const { health, heardAt, heardMono } = entry;
    return { health, heardAt, ageMs: Math.round(this.#deps.clock.monotonic() - heardMono) };
  }
}
