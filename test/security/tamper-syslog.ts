// The trail leaves by syslog, over TCP and over TLS, to a receiver that hangs up in the middle: every row arrives, in order, as it stands.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SyslogTarget } from '#console/audit/syslog-connection.ts';
import { SyslogForwarder } from '#console/audit/syslog-forwarder.ts';
import { systemClock } from '#shared/base/clock.ts';
import { createAuthority, issueServerCertificate, loadAuthority } from '#shared/crypto/certificate.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type Received, type SyslogSink, startSyslogSink } from '#test/fixtures/syslog-sink.ts';
import type { Ending } from './ending.ts';
import type { LinkedEstate } from './linked-estate.ts';

const TRIES = 50;

export interface SyslogFigures {
  rows: number;
  /** Rows that did not arrive, in another order, with another hash, or in no form. */
  lost: number;
  checkpointsLost: number;
}

async function sinkOf(folder: string, protocol: 'tcp' | 'tls', ending: Ending): Promise<[SyslogSink, SyslogTarget]> {
  if (protocol === 'tcp') {
    const sink = await startSyslogSink();
    ending.add(() => sink.stop());
    return [sink, { protocol, host: '127.0.0.1', port: sink.port }];
  }
  const now = systemClock.now();
  const authority = await loadAuthority(await createAuthority(now));
  const { privateKey: key, certificate: cert } = await issueServerCertificate(authority, {
    names: ['localhost'],
    ips: ['127.0.0.1'],
    now,
  });
  const caFile = path.join(folder, 'sink-ca.pem');
  writeFileSync(caFile, authority.certificatePem);
  const sink = await startSyslogSink({ key, cert });
  ending.add(() => sink.stop());
  return [sink, { protocol, host: '127.0.0.1', port: sink.port, caFile }];
}

/** At least once and in order: what was heard again is passed over. */
function missing(received: readonly Received[], rows: ReadonlyArray<{ seq: number; hash: string }>): number {
  const first = new Map<number, Received>();
  let [lost, last] = [0, 0];
  for (const one of received.filter(({ sdId }) => sdId.startsWith('audit@'))) {
    const seq = Number(one.params['seq']);
    if (first.has(seq)) continue;
    if (seq !== last + 1) lost += 1;
    last = seq;
    first.set(seq, one);
  }
  return lost + rows.filter(({ seq, hash }) => first.get(seq)?.params['hash'] !== hash).length;
}

export async function trailBySyslog(
  { trail: { store }, database }: LinkedEstate,
  folder: string,
  protocol: 'tcp' | 'tls',
  ending: Ending,
): Promise<SyslogFigures> {
  const [sink, target] = await sinkOf(folder, protocol, ending);
  const rows = database
    .prepare<[], { seq: number; hash: string }>('select seq, hash from audit_log order by seq')
    .all();
  const checkpoints = database.prepare<[], { seq: number }>('select seq from audit_checkpoint').all();
  sink.cutAfter(7, 2);
  // Each try is another forwarder, as after a restart of the console.
  const forward = () =>
    new SyslogForwarder({
      ...{ store, target, clock: systemClock, log: silentLogger, random: Math.random },
      sender: { hostname: 'console.example', processId: 1 },
    }).sendNext(new AbortController().signal);
  let [isMore, tries] = [true, 0];
  while (isMore && tries < TRIES) {
    tries += 1;
    isMore = await forward().catch(() => true);
  }
  const told = new Set(
    sink.received.filter(({ sdId }) => sdId.startsWith('auditCheckpoint@')).map(({ params }) => Number(params['seq'])),
  );
  return {
    rows: rows.length,
    lost: missing(sink.received, rows) + sink.broken.length,
    checkpointsLost: checkpoints.filter(({ seq }) => !told.has(seq)).length,
  };
}
