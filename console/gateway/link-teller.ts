// What a link tells its relay of itself: roster, charter, brakes, standing orders, watching; each only to a relay that knows it.
import { AppError } from '#shared/base/errors.ts';
import { EVERYWHERE_PROTOCOL, FREEZE_PROTOCOL } from '#shared/protocol/downstream.ts';
import type { FrameOf, MessageType } from '#shared/protocol/frame.ts';
import { RULE_PROTOCOL, STANDING_PROTOCOL } from '#shared/protocol/standing.ts';
import { memberParts, WATCH_PROTOCOL } from '#shared/protocol/watch.ts';
import { isEverywhere } from '#shared/seal/freeze-seal.ts';
import { hasRule } from '#shared/seal/standing-seal.ts';
import type { LinkDesk, Peer } from './link-desk.ts';
import { rosterFor } from './roster-for.ts';

export interface LinkTellerDeps {
  desk: Pick<LinkDesk, 'roster' | 'charter' | 'brakes' | 'standing' | 'watch' | 'onIncident'>;
  peer: Peer;
  /** 0 before the relay has greeted. */
  proto: () => number;
  send: <T extends MessageType>(type: T, body: FrameOf<T>['body']) => boolean;
}

export class LinkTeller {
  readonly #deps: LinkTellerDeps;

  constructor(deps: LinkTellerDeps) {
    this.#deps = deps;
  }

  async roster(held: number): Promise<void> {
    const { desk, peer, proto, send } = this.#deps;
    const roster = await desk.roster(peer.relay);
    if (roster.version > held) send('ROSTER', rosterFor(proto(), roster));
  }

  async charter(held: number): Promise<void> {
    const { desk, peer, send } = this.#deps;
    const charter = await desk.charter(peer.site);
    if (charter !== undefined && charter.version > held) send('CHARTER', { signed: charter.signed });
  }

  async brakes(): Promise<boolean> {
    const { desk, peer, proto, send } = this.#deps;
    if (proto() < FREEZE_PROTOCOL) return false;
    const all = await desk.brakes(peer.site);
    const brakes = proto() < EVERYWHERE_PROTOCOL ? all.filter((signed) => !isEverywhere(signed)) : all;
    return brakes.length > 0 && brakes.every((signed) => send('FREEZE', { signed }));
  }

  async standing(): Promise<boolean> {
    const { desk, peer, proto, send } = this.#deps;
    if (proto() < STANDING_PROTOCOL) return false;
    const all = await desk.standing(peer.relay);
    const documents = proto() < RULE_PROTOCOL ? all.filter((signed) => !hasRule(signed)) : all;
    return documents.every((signed) => send('STANDING', { signed }));
  }

  /** The signed document first, so that members find the layers that they name. */
  async watch(): Promise<boolean> {
    const { desk, peer, proto, send } = this.#deps;
    if (proto() < WATCH_PROTOCOL) return false;
    const { signed, members } = await desk.watch(peer);
    try {
      const isSent = signed === undefined || send('WATCH', { kind: 'document', signed });
      return isSent && memberParts(members).every((part) => send('WATCH', part));
    } catch (error) {
      // A document whose letters take more bytes than a frame has: no reason to lose the link; people hear of it.
      if (!(error instanceof AppError)) throw error;
      desk.onIncident(peer, { code: error.code, severity: 'critical', detail: error.message });
      return false;
    }
  }
}
