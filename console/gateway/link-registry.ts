// Which relays are connected, and one session per relay: the newer wins, and a cloned identity lets neither in.
import type { Clock } from '#shared/base/clock.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { FrameOf, MessageType } from '#shared/protocol/frame.ts';
import { CloneFence } from './clone-fence.ts';
import type { LinkIncident, Peer } from './link-desk.ts';
import type { Pace } from './pace.ts';
import type { LinkStats, RelayLink } from './relay-link.ts';

/** A relay that is released while its clone still lives is fenced again: one alarm in this time tells it all. */
const ALARM_EVERY_MS = 600_000;
/** Whoever was replaced waits this long, so that two never spin. */
const REPLACED_DELAY_MS = 60_000;
/** A fenced relay asks again this often: a person takes longer. */
const FENCED_DELAY_MS = 600_000;
/** Clocks of two runs of a relay agree by chance only this well. */
const SAME_RUN_MS = 5_000;
/** A silent old session is a broken network, no second machine. */
const ALIVE_MS = 12_000;

interface Session {
  link: RelayLink;
  /** Monotonic time of the console when it opened. */
  openedAt: number;
}

export interface LinkRegistryDeps {
  clock: Clock;
  onIncident: (peer: Peer, incident: LinkIncident) => void;
  /** A relay's link opened or closed. */
  onChange: (peer: Peer, isConnected: boolean) => void;
}

export class LinkRegistry {
  readonly #deps: LinkRegistryDeps;
  /** Every link from its upgrade on: a revocation cuts those that are still greeting too. */
  readonly #links = new Set<RelayLink>();
  readonly #open = new Map<RelayId, Session>();
  readonly #alarmedAt = new Map<RelayId, number>();
  readonly #fence: CloneFence;

  constructor(deps: LinkRegistryDeps) {
    this.#deps = deps;
    this.#fence = new CloneFence(deps.clock);
  }

  /** A connection after its TLS handshake. */
  track(link: RelayLink): void {
    this.#links.add(link);
  }

  /** Welcomed: from now on it is the relay's link. */
  opened(link: RelayLink): void {
    const { relay } = link.peer;
    if (this.#fence.isFenced(relay)) {
      refuseClone(link);
      return;
    }
    const former = this.#open.get(relay);
    const session = { link, openedAt: this.#deps.clock.monotonic() };
    this.#open.set(relay, session);
    if (former !== undefined) this.#replace(former, session);
    else this.#deps.onChange(link.peer, true);
  }

  ended(link: RelayLink): void {
    this.#links.delete(link);
    if (this.#open.get(link.peer.relay)?.link !== link) return;
    this.#open.delete(link.peer.relay);
    this.#deps.onChange(link.peer, false);
  }

  /** Undefined while the relay is not connected, and while two machines claim to be it. */
  get(relay: RelayId): RelayLink | undefined {
    return this.#fence.isJudging(relay) ? undefined : this.#open.get(relay)?.link;
  }

  /** Two machines live with its identity; it stays out until it is released. */
  isFenced(relay: RelayId): boolean {
    return this.#fence.isFenced(relay);
  }

  /** False when the relay was not fenced. */
  release(relay: RelayId): boolean {
    return this.#fence.release(relay);
  }

  /** Connected relays. */
  relays(): RelayId[] {
    return [...this.#open.keys()];
  }

  /** Connections, those still greeting included. */
  get size(): number {
    return this.#links.size;
  }

  /** Connections of one relay, those still greeting included. */
  linksOf(relay: RelayId): number {
    let links = 0;
    for (const link of this.#links) if (link.peer.relay === relay) links += 1;
    return links;
  }

  stats(): Map<RelayId, LinkStats> {
    return new Map([...this.#open].map(([relay, { link }]) => [relay, link.stats]));
  }

  /** False when the relay is not connected. */
  send<T extends MessageType>(relay: RelayId, type: T, body: FrameOf<T>['body']): boolean {
    return this.get(relay)?.send(type, body) ?? false;
  }

  /** Cuts every connection of the relay at once. */
  revoke(relay: RelayId): void {
    for (const link of [...this.#links]) {
      if (link.peer.relay !== relay) continue;
      link.refuse('certificate-revoked', `relay ${relay} is revoked`, { reason: 'revoked', delayMs: 600_000 });
    }
  }

  setPace(pace: Pace): void {
    for (const { link } of this.#open.values()) link.setPace(pace);
  }

  /** The console stops: relays leave, and come back spread over time. */
  leaveAll(delayMs: (index: number) => number): void {
    for (const [index, link] of [...this.#links].entries())
      link.goAway({ reason: 'restart', delayMs: Math.round(delayMs(index)) });
  }

  #replace(former: Session, newer: Session): void {
    const isSuspect = former.link.silenceMs < ALIVE_MS && !isSameRun(former, newer);
    if (!isSuspect) {
      former.link.goAway({ reason: 'replaced', delayMs: REPLACED_DELAY_MS });
      return;
    }
    // Only a broken clock rejects, and then nobody is let in on a guess.
    void this.#judge(former.link, newer.link).catch(() =>
      newer.link.refuse('internal', 'the link could not be judged'),
    );
  }

  async #judge(former: RelayLink, newer: RelayLink): Promise<void> {
    if (!(await this.#fence.judge(former, newer))) {
      former.goAway({ reason: 'replaced', delayMs: REPLACED_DELAY_MS });
      return;
    }
    this.#alarm(former.peer, newer.peer);
    for (const link of [...this.#links]) if (link.peer.relay === newer.peer.relay) refuseClone(link);
  }

  #alarm(former: Peer, newer: Peer): void {
    const now = this.#deps.clock.monotonic();
    const last = this.#alarmedAt.get(newer.relay);
    if (last !== undefined && now - last < ALARM_EVERY_MS) return;
    this.#alarmedAt.set(newer.relay, now);
    const where = `${former.address ?? 'an unknown address'} and ${newer.address ?? 'an unknown address'}`;
    const detail = `two machines live with the identity of this relay, at ${where}: both are fenced; end one and release the relay, or revoke it and enrol both anew`;
    this.#deps.onIncident(newer, { code: 'identity-changed', severity: 'critical', detail });
  }
}

function refuseClone(link: RelayLink): void {
  const why = `relay ${link.peer.relay} is fenced: two machines live with its identity`;
  link.refuse('identity-changed', why, { reason: 'replaced', delayMs: FENCED_DELAY_MS });
}

/** A relay that reconnects brings its own monotonic clock along; another machine, or another run, has another. */
function isSameRun(former: Session, newer: Session): boolean {
  const [then, now] = [former.link.hello?.mono, newer.link.hello?.mono];
  if (then === undefined || now === undefined) return false;
  return Math.abs(now - then - (newer.openedAt - former.openedAt)) < SAME_RUN_MS;
}
