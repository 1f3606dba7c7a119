// `npm run chaos -- offline`: headquarters were down for hours; what waited drains while what is fresh passes it.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { enrol } from '#relay/pin/enrol.ts';
import { type Enrolment, IdentityStore } from '#relay/pin/identity.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { ensureBundles } from './bundles.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';
import { apiOf, type ConsoleProgram, consoleProgram } from './console-program.ts';
import { LiveAge } from './live-age.ts';
import { OfflineSite } from './offline-site.ts';
import { auditStream, decodeStream, sumStreams } from './stream-audit.ts';
import { readConsoleStream, readSpools } from './stream-content.ts';

interface Size {
  relays: number;
  devices: number;
  series: number;
  hours: number;
  liveIntervalMs: number;
  /** From the start until live samples have to be fresh. */
  warmUpMs: number;
  /** How long they have to stay it at least. */
  watchMs: number;
}

const FULL: Size = {
  ...{ relays: 20, devices: 50, series: 30, hours: 8, liveIntervalMs: 60_000 },
  ...{ warmUpMs: 60_000, watchMs: 30_000 },
};
const QUICK: Size = {
  ...{ relays: 3, devices: 10, series: 30, hours: 1, liveIntervalMs: 5_000 },
  ...{ warmUpMs: 1_000, watchMs: 4_000 },
};
/** Given up after this; the audit then tells what is missing. At five times the live rate eight hours take 96 minutes. */
const DRAIN_MS = 6_000_000;
const LOOK_MS = 100;
/** A relay of which nothing live was stored by then is told in the figures. */
const LATE_MS = 120_000;
const MIB = 2 ** 20;

export const offline: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  const bundles = await ensureBundles(say);
  await using folder = makeTempFolder('rmm-offline');
  const hq = await consoleProgram(folder.path, bundles);
  await using console = hq.program;
  await using site = new OfflineSite();
  const relays = await enrolAll(hq, folder.path, size.relays);
  say(`${relays.length} relays enrolled; headquarters are down for ${size.hours} h`);
  const now = systemClock.now();
  const folders = relays.map((relay) => relay.folder);
  const { devices, series, hours, liveIntervalMs } = size;
  site.send({ kind: 'fill', folders, devices, series, liveIntervalMs, from: now - hours * HOUR_MS, to: now });
  const backlog = (await site.heard('filled')).samples;
  say(`${backlog} samples wait; headquarters are back`);
  const watched = await watch({ hq, site, relays, size, say });
  const made = (await site.heard('hushed')).samples;
  site.send({ kind: 'stop' });
  await site.heard('stopped');
  const rss = peakRssMb(console.pid);
  await console.stop();
  const livePerS = (relays.length * devices * series * 1_000) / liveIntervalMs;
  const figures = {
    ...auditAll(hq, relays, made),
    backlog,
    drainSeconds: Number((watched.drainMs / 1_000).toFixed(1)),
    drainRatio: Number((backlog / (watched.drainMs / 1_000) / livePerS).toFixed(1)),
    maxLiveAgeSeconds: Number((watched.age.maxMs / 1_000).toFixed(2)),
    liveBatches: watched.age.batches,
    liveRelays: watched.age.relays,
    consoleRssMb: rss,
  };
  const { warmUpMs: _warmUp, watchMs: _watch, ...details } = size;
  return {
    name: 'chaos offline',
    figures,
    durationMs: systemClock.monotonic() - startedAt,
    details: { seed, ...details },
  };
};

interface OfflineEnrolment {
  folder: string;
  enrolment: Enrolment;
}

/** Each at its own site; the console is down again when it returns. */
async function enrolAll(hq: ConsoleProgram, folder: string, count: number): Promise<OfflineEnrolment[]> {
  hq.program.start();
  await hq.program.ready();
  const api = await apiOf(hq);
  const relays: OfflineEnrolment[] = [];
  for (let index = 0; index < count; index += 1) {
    const data = path.join(folder, `relay-${index}`);
    mkdirSync(data, { mode: 0o700 });
    const site = await api.sites.create({ name: `site ${index}`, isSimulated: true });
    const { token, owner } = await api.relays.createToken({ siteId: site.id, kind: 'site', uses: 1 });
    const { enrolment } = await enrol({
      data,
      store: new IdentityStore(data),
      token,
      owner,
      kind: 'site',
      version: '0.1.0',
      identity: { machineId: `0ff11e${index.toString(16).padStart(26, '0')}`, macs: [] },
      system: 'linux',
      signal: AbortSignal.timeout(30_000),
    });
    relays.push({ folder: data, enrolment });
  }
  await hq.program.stop();
  return relays;
}

interface Watching {
  hq: ConsoleProgram;
  site: OfflineSite;
  relays: readonly OfflineEnrolment[];
  size: Size;
  say: (line: string) => void;
}

/** Starts headquarters and all links at once, and looks until the backlog is stored and live samples were watched long enough. */
async function watch({ hq, site, relays, size, say }: Watching): Promise<{ drainMs: number; age: LiveAge }> {
  hq.program.start();
  await hq.program.ready();
  const backlogEnds = relays.map(({ folder }) => lastNumber(folder));
  const startedAt = systemClock.monotonic();
  const age = new LiveAge(systemClock.now() + size.warmUpMs);
  site.send({ kind: 'start' });
  const watermarks = openWatermarks(hq.file);
  try {
    let drainMs: number | undefined;
    for (;;) {
      const passedMs = systemClock.monotonic() - startedAt;
      const stored = (lane: number) => relays.map(({ enrolment }) => watermarks.of(enrolment.relay, lane));
      const isDrained = stored(3).every((mark, i) => mark >= (backlogEnds[i] ?? 0));
      if (isDrained && drainMs === undefined) {
        drainMs = passedMs;
        say(`the backlog is stored after ${Math.round(passedMs / 1_000)} s`);
      }
      age.look(site.live.splice(0), stored(2), systemClock.now());
      const isWatched = passedMs > size.warmUpMs + size.watchMs && (age.relays === relays.length || passedMs > LATE_MS);
      if ((isDrained && isWatched) || passedMs > DRAIN_MS) break;
      await systemClock.sleep(LOOK_MS);
    }
    site.send({ kind: 'hush' });
    await site.heard('hushed');
    await untilDelivered(relays, watermarks);
    return { drainMs: drainMs ?? DRAIN_MS, age };
  } finally {
    watermarks.close();
  }
}

/** The last polls climb too; a minute is more than they need. */
async function untilDelivered(relays: readonly OfflineEnrolment[], watermarks: Watermarks): Promise<void> {
  const deadline = systemClock.monotonic() + 60_000;
  const isDelivered = () =>
    relays.every(({ folder, enrolment }) =>
      [2, 3].every((lane) => watermarks.of(enrolment.relay, lane) >= lastNumber(folder, lane)),
    );
  while (!isDelivered() && systemClock.monotonic() < deadline) await systemClock.sleep(LOOK_MS);
}

/** The newest number of a lane in a relay's spool. */
function lastNumber(folder: string, lane = 3): number {
  const db = new Database(path.join(folder, 'spool.db'), { readonly: true });
  try {
    const row = db.prepare<[number], { next: number }>('select next from lane where lane = ?').get(lane);
    return (row?.next ?? 1) - 1;
  } finally {
    db.close();
  }
}

type Watermarks = ReturnType<typeof openWatermarks>;

/** One connection for all looks: ten a second shall not weigh on what is measured. */
function openWatermarks(file: string) {
  const db = new Database(file, { readonly: true });
  const mark = db.prepare<[string, number], { received: number }>(
    'select received from watermark where relay_id = ? and lane = ?',
  );
  return {
    of: (relay: string, lane: number): number => mark.get(relay, lane)?.received ?? 0,
    close: () => void db.close(),
  };
}

function auditAll(hq: ConsoleProgram, relays: readonly OfflineEnrolment[], made: number) {
  let undecodable = 0;
  const audits = relays.map(({ folder, enrolment }) => {
    const stored = readConsoleStream(hq.file, enrolment.relay);
    undecodable += decodeStream(stored.batches).undecodable;
    return auditStream(readSpools(folder), stored);
  });
  const { spooled, stored, lost, dup, foreign, gaps } = sumStreams(audits);
  // Nothing dies here: what was made is in a spool, or it is lost.
  return { made, stored, lost: lost + Math.max(0, made - spooled), dup: dup + foreign, gaps, undecodable };
}

function peakRssMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
  return Math.round((Number(kib) * 1_024) / MIB);
}
