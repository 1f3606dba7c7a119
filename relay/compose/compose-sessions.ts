// Joins the sessions that orders open: the relay's key, the link, and one opener for each kind.
import path from 'node:path';
import type { RelayConfig } from '#relay/config/relay-config.ts';
import { ChunkCache } from '#relay/files/chunk-cache.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import { FilesOpener } from '#relay/tunnel/files-opener.ts';
import { SessionDesk } from '#relay/tunnel/session-desk.ts';
import type { StreamLink } from '#relay/tunnel/stream-lane.ts';
import { TerminalOpener } from '#relay/tunnel/terminal.ts';
import { TunnelOpener } from '#relay/tunnel/tunnel-opener.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';

interface Parts {
  clock: Clock;
  log: Logger;
  own: OpeningKey;
  charters: CharterStore;
  spool: { addRecord(lane: 0, record: AuditRecord): void };
  link: () => StreamLink;
}

export function composeSessions(config: RelayConfig, { clock, log, own, charters, spool, link }: Parts) {
  const onAudit = (record: AuditRecord) => spool.addRecord(0, record);
  const cache = new ChunkCache({ folder: path.join(config.data, 'chunks'), clock });
  // What nobody used for a week goes at each start, and before each session of files.
  cache.sweep().catch((error: unknown) => log.room('tunnel').warn(describeError(error), 'old chunks of files stay'));
  const desk = new SessionDesk({
    ...{ clock, link, own, log: log.room('tunnel') },
    charter: () => charters.charter,
    onAudit,
    kinds: {
      terminal: new TerminalOpener({ clock, folder: path.join(config.data, 'recordings') }),
      files: new FilesOpener({ cache, now: () => clock.now(), onAudit }),
      tunnel: new TunnelOpener({ clock, allowLoopback: config.probe.allowLoopback }),
    },
  });
  return {
    run: (...[order, signal]: Parameters<SessionDesk['run']>) => desk.run(order, signal),
    streams: { take: desk.take, onRoom: desk.onRoom, onDown: desk.onDown },
  };
}
