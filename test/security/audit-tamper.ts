// The audit trail under attack: whoever owns the console's disk alters it in every way, with real relays as witnesses; each is found, and the first bad row named.
import path from 'node:path';
import Database from 'better-sqlite3';
import { Trail } from '#console/audit/trail-verdict.ts';
import { systemClock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { AuditVerdict } from '#shared/contract/audit-contract.ts';
import { generateSigningKey } from '#shared/seal/key-pair.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { Ending } from './ending.ts';
import { type LinkedEstate, startLinkedEstate, until } from './linked-estate.ts';
import type { Attack } from './security.ts';
import { regressionsAt } from './tamper-regressions.ts';
import { trailBySyslog } from './tamper-syslog.ts';
import { TAMPERS, type Tamper } from './tampers.ts';
import { Evidence } from './trail-evidence.ts';

const RELAYS = 2;
const PATIENCE_MS = 20_000;
/** Rows between two checkpoints, and how many of those. */
const SIZE = { full: { rows: 400, checkpoints: 5 }, quick: { rows: 20, checkpoints: 3 } };

/** Signs a checkpoint over all that stands; comes back when every relay has counter-signed it and that is stored. */
async function checkpoint({ trail: { audited } }: LinkedEstate, database: Database.Database): Promise<void> {
  await audited.checkpoints.make();
  const signed = database.prepare<[], { n: number }>(
    'select count(*) as n from audit_witness where seq = (select max(seq) from audit_checkpoint)',
  );
  const isSigned = await until(async () => {
    await audited.signatures.flush();
    return signed.get()?.n === RELAYS;
  }, PATIENCE_MS);
  if (!isSigned) throw new Error('a relay did not counter-sign');
}

/** Rows of people and things, with checkpoints between them; the relays' own first words come before. */
async function fill(estate: LinkedEstate, database: Database.Database, size: { rows: number; checkpoints: number }) {
  const { trail, site } = estate;
  await checkpoint(estate, database);
  const pins = database.prepare<[], { n: number }>(
    "select count(*) as n from audit_log where verb = 'audit.pin-trail'",
  );
  if (!(await until(() => pins.get()?.n === RELAYS, PATIENCE_MS)))
    throw new Error('a relay did not tell what it pinned');
  for (let n = 0; n < size.checkpoints; n += 1) {
    const rows = Array.from({ length: size.rows }, (_, i) => ({
      actor: `person:${n}`,
      verb: 'device.update',
      resource: `site:${site}`,
      outcome: 'ok' as const,
      detail: { 'name.from': `a${i}`, 'name.to': `b${i}` },
    }));
    await trail.store.transaction((tx) => trail.audit.appendMany(tx, rows));
    await checkpoint(estate, database);
  }
}

interface Found {
  isFound: boolean;
  isNamed: boolean;
}

/** Alters, asks, and puts everything back. */
async function attempt(estate: LinkedEstate, evidence: Evidence, tamper: Tamper): Promise<Found & { said: string }> {
  const { trail, data } = estate;
  const expected = await tamper.alter({ evidence, auditKey: path.join(data, 'audit', 'audit.key') });
  const key = tamper.withKey === undefined ? undefined : await tamper.withKey();
  const keyId = key ?? trail.audited.checkpoints.keyId;
  const own = new Trail({ store: trail.store, random: systemRandom, keyId, door: trail.audited.witnesses });
  const relays = await witnessesOf(estate);
  const verdict = await own.verify(relays, { witness: tamper.isAway !== true });
  evidence.restore();
  const isNamed = verdict.firstBadSeq !== null && verdict.firstBadSeq === expected;
  return { isFound: !verdict.ok, isNamed, said: describe(verdict, expected) };
}

const describe = ({ firstBadSeq, faults }: AuditVerdict, expected: number): string =>
  `first bad row ${firstBadSeq}, expected ${expected}: ${faults.map(({ text }) => text).join('; ')}`;

async function witnessesOf({ trail: { store } }: LinkedEstate) {
  const rows = await store.db.selectFrom('relay').select(['id', 'name', 'key_id as keyId']).orderBy('id').execute();
  return rows.map(({ id, name, keyId }) => ({ id: id as never, name, siteName: 'Owned', keyId })); // ids of our own table
}

export const attackAuditTamper: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  await using folder = makeTempFolder('rmm-tamper');
  const estate = await startLinkedEstate(folder.path, RELAYS, ending);
  const database = new Database(path.join(estate.data, 'console.db'), { timeout: 5_000 });
  ending.add(() => void database.close());
  for (const relay of estate.relays) await relay.start();
  if (!(await until(() => estate.relays.every(({ isLinked }) => isLinked()), PATIENCE_MS)))
    throw new Error('a relay did not link');
  await fill(estate, database, isQuick ? SIZE.quick : SIZE.full);
  const evidence = new Evidence(database);

  const isClean = async () => {
    const verdict = await estate.api.audit.verify({ witness: true });
    const agree = verdict.witnesses.filter(({ state, isLive }) => state === 'agrees' && isLive).length;
    if (!verdict.ok) say(describe(verdict, 0));
    return verdict.ok && agree === RELAYS;
  };
  const before = await isClean();
  let [found, named] = [0, 0];
  for (const tamper of TAMPERS) {
    const one = await attempt(estate, evidence, tamper);
    if (one.isFound) found += 1;
    if (one.isNamed) named += 1;
    if (!one.isFound || !one.isNamed) say(`${tamper.name}: ${one.isFound ? 'found' : 'NOT FOUND'}, ${one.said}`);
  }
  const after = await isClean();
  const tcp = await trailBySyslog(estate, folder.path, 'tcp', ending);
  const secure = await trailBySyslog(estate, folder.path, 'tls', ending);
  const regressions = await regressionsAt(estate, await generateSigningKey());
  const controls = [before, after].filter(Boolean).length;
  return {
    name: 'security audit-tamper',
    figures: {
      attacks: TAMPERS.length,
      missed: TAMPERS.length - found,
      misnamed: TAMPERS.length - named,
      cleanControls: controls,
      regressions: regressions.tried,
      takenByRelays: regressions.tried - regressions.refused,
      alarms: regressions.alarms,
      syslogRows: tcp.rows + secure.rows,
      syslogLost: tcp.lost + secure.lost,
      syslogCheckpointsLost: tcp.checkpointsLost + secure.checkpointsLost,
    },
    durationMs: systemClock.monotonic() - begin,
  };
};
