// `bench -- health`: the health of a whole console's fleet, reckoned anew from its store: facts, open alerts, rows in memory.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { can } from '#console/access/can.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { HealthBoard } from '#console/query/health/health-board.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import { SECURITY_CHECKS } from '#shared/model/security-scan.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { fillEstate } from './fleet-estate.ts';
import { median, rounded } from './statistics.ts';

const FULL = { devices: 25_000, packages: 1 };
const QUICK = { devices: 1_000, packages: 1 };
/** Scans that differ: a fleet has some hundreds, few machines have one of their own. */
const BODIES = 400;
/** One device in ten has an open alert. */
const ALERT_EACH = 10;
const ROUNDS = 5;
const ROWS_AT_ONCE = 1_000;

function bodies(): Array<{ hash: string; body: string }> {
  const random = seededRandom(5);
  return Array.from({ length: BODIES }, (_, n) => {
    const checks = SECURITY_CHECKS.map((id) => {
      const verdict = random() < 0.7 ? 'yes' : random() < 0.5 ? 'no' : 'unknown';
      return { id, verdict, evidence: `${id}: found so on ${n} days, and it was looked at in three places.` };
    });
    const body = JSON.stringify({ checks, score: n });
    return { body, hash: createHash('sha256').update(body).digest('hex') };
  });
}

async function fillHealth(store: Store, ids: readonly string[]): Promise<void> {
  const all = bodies();
  const now = systemClock.now();
  await store.db.insertInto('fact_body').values(all).execute();
  const relays = await store.db.selectFrom('relay').select(['id', 'site_id']).execute();
  const relay = relays[0]?.id ?? '';
  const facts = ids.flatMap((device_id, n) =>
    ['security-scan', 'software-audit'].map((kind, at) => ({
      ...{ device_id, kind, hash: all[(n * 7 + at) % BODIES]?.hash ?? '', relay_id: relay },
      ...{ first_seen_at: now, seen_at: now },
    })),
  );
  for (let from = 0; from < facts.length; from += ROWS_AT_ONCE)
    await store.transaction((tx) =>
      tx
        .insertInto('fact')
        .values(facts.slice(from, from + ROWS_AT_ONCE))
        .execute(),
    );
  const sick = ids.filter((_, n) => n % ALERT_EACH === 0);
  for (let from = 0; from < sick.length; from += ROWS_AT_ONCE)
    await fillAlerts(store, sick.slice(from, from + ROWS_AT_ONCE), relays[0]?.site_id ?? '');
}

async function fillAlerts(store: Store, devices: readonly string[], site: string): Promise<void> {
  const at = systemClock.now();
  const both = { site_id: site, state: 'active', severity: 'high', opened_at: at, received_at: at, changed_at: at };
  const alerts = devices.map((device) => ({ device, incident: newId(at), id: newId(at) }));
  const told = { cause: 'one', title: 't', severity_rank: 1, is_past: 0, is_told: 0, is_muted: 0 } as const;
  const rest = { check_id: 'cpu.used', instance: '', type: 'performance', detail: '', openings: '[]', count: 1 };
  await store.transaction(async (tx) => {
    await tx
      .insertInto('incident')
      .values(alerts.map(({ incident }) => ({ id: incident, ...both, ...told })))
      .execute();
    const rows = alerts.map(({ device, incident, id }) => ({
      ...{ id, incident_id: incident, device_id: device, subject: `device:${device}` },
      ...{ ...both, ...rest, is_failing: 1 as const, is_muted: 0 as const },
    }));
    await tx.insertInto('alert').values(rows).execute();
  });
}

export const benchHealth: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const size = isQuick ? QUICK : FULL;
  await using folder = makeTempFolder('rmm-health');
  await using store = await openStore({ engine: 'sqlite', file: path.join(folder.path, 'console.db') });
  const ids = await fillEstate(store, size);
  await fillHealth(store, ids);
  say(`${size.devices} devices with two facts each`);
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const fleet = new FleetIndex({ store, clock: systemClock, onFailure });
  await fleet.load();
  const idle = { load: 1, uptime: 1, rx: 0, tx: 0, mount: '/' };
  for (const id of ids)
    fleet.onGlance(DeviceId.parse(id), systemClock.now(), { cpu: 0.5, memory: 0.88, disk: 0.7, ...idle });

  const board = new HealthBoard({
    store,
    clock: systemClock,
    rows: fleet.rows,
    ready: () => fleet.settled(),
    onFailure,
  });
  const rounds = { cpuMs: [] as number[], wallMs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const cpu = process.cpuUsage();
    const began = performance.now();
    await board.refresh();
    rounds.wallMs.push(performance.now() - began);
    const { user, system } = process.cpuUsage(cpu);
    rounds.cpuMs.push((user + system) / 1_000);
  }
  const decided = can({ kind: 'system', part: 'bench' }, 'device.read');
  if (!decided.allowed) throw new Error('a bench reads everything');
  const { fleet: sum } = board.overview(decided.scope);
  const figures = {
    devices: sum.devices,
    failures: failures.length,
    unequal: sum.score - sum.availability - sum.performance - sum.security - sum.compliance,
    refreshCpuMs: rounded(median(rounds.cpuMs)),
    firstCpuMs: rounded(rounds.cpuMs[0] ?? Number.NaN),
  };
  const details = { refreshWallMs: rounded(median(rounds.wallMs)), score: sum.score, confidence: sum.confidence };
  return { name: 'bench health', figures, details, durationMs: performance.now() - started };
};
