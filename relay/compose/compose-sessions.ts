// Joins the sessions that orders open: the relay's key, the link, and one opener for each kind.
import type { CharterStore } from '#relay/pin/charter-store.ts';
import { SessionDesk } from '#relay/tunnel/session-desk.ts';
import type { StreamLink } from '#relay/tunnel/stream-lane.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';

interface Parts {
  clock: Clock;
  log: Logger;
  own: OpeningKey;
  charters: CharterStore;
  outbox: { addRecord(lane: 0, record: AuditRecord): void };
  link: () => StreamLink;
}

export function composeSessions({ clock, log, own, charters, outbox, link }: Parts) {
  const desk = new SessionDesk({
    ...{ clock, link, own, log: log.room('tunnel') },
    charter: () => charters.charter,
    onAudit: (record) => outbox.addRecord(0, record),
    kinds: {},
  });
  return {
    run: (...[order, signal]: Parameters<SessionDesk['run']>) => desk.run(order, signal),
    streams: { take: desk.take, onRoom: desk.onRoom, onDown: desk.onDown },
  };
}
