// `chaos smb`: smbd is frozen or killed in the middle of transfers; each ends in time with a typed failure, and the pool goes on.
import { readdirSync } from 'node:fs';
import { type SmbOutcome, smbFailure } from '#relay/transport/smb/smb-fault.ts';
import type { SmbFiles } from '#relay/transport/smb/smb-files.ts';
import { SmbPool, type SmbUse } from '#relay/transport/smb/smb-pool.ts';
import { systemClock } from '#shared/base/clock.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { NEVER, smbDeps } from '#test/fixtures/smb-kit.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import type { Chaos } from './chaos.ts';

// Half a second: what is frozen is given up then, and a hundred rounds last a minute.
const REPLY_MS = 500;
// Beside that: the work of a busy machine.
const SLACK_MS = 4_000;
const CHUNK = new Uint8Array(1_048_576).fill(5);
// Sent so long as nobody breaks it: the fault always comes first.
const ENDLESS_CHUNKS = 4_000;

/** Open files and sockets of this process. */
const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

interface Tally {
  rounds: number;
  frozen: number;
  killed: number;
  typed: number;
  late: number;
  recovered: number;
  slowestMs: number;
}

type Breaks = (files: SmbFiles, onMoving: () => void, signal: AbortSignal) => Promise<SmbOutcome<unknown>>;

async function* endless(onMoving: () => void): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < ENDLESS_CHUNKS; n += 1) {
    if (n === 3) onMoving();
    yield await Promise.resolve(CHUNK);
  }
}

const upload: Breaks = (files, onMoving, signal) =>
  files.upload('up', endless(onMoving), { isReadBack: false }, signal);

/** The same file again and again: one reading might end before the fault comes. */
const download: Breaks = async (files, onMoving, signal) => {
  for (;;) {
    const sink = () => {
      onMoving();
      return undefined;
    };
    const read = await files.download('down', sink, { maxBytes: 1e9 }, signal);
    if (!read.ok) return read;
  }
};

const REASONS = new Set(['lost', 'timed-out']);

async function round(rig: { pool: SmbPool; use: SmbUse; peer: SmbdPeer }, random: () => number, tally: Tally) {
  const { pool, use, peer } = rig;
  const isFreeze = random() < 0.5;
  const act = random() < 0.5 ? upload : download;
  let brokenAt = Number.NaN;
  const onMoving = () => {
    if (!Number.isNaN(brokenAt)) return;
    brokenAt = systemClock.monotonic();
    if (isFreeze) peer.freeze();
    else peer.killConnections();
  };
  const ended = await pool.use(use, (files, signal) => act(files, onMoving, signal), NEVER);
  const ms = systemClock.monotonic() - brokenAt;
  peer.thaw();
  tally.rounds += 1;
  if (isFreeze) tally.frozen += 1;
  else tally.killed += 1;
  if (!ended.ok && REASONS.has(ended.fault)) tally.typed += 1;
  if (!(ms <= REPLY_MS + SLACK_MS)) tally.late += 1;
  tally.slowestMs = Math.max(tally.slowestMs, ms);
  // The very next use has to work: no second try, no wait.
  const after = await pool.use(use, (files, signal) => files.stat('down', signal), NEVER);
  if (after.ok) tally.recovered += 1;
}

export const smb: Chaos = async ({ isQuick, seed, say }) => {
  const begin = systemClock.monotonic();
  const random = seededRandom(seed);
  const peer = await startSmbd('signing');
  const pool = new SmbPool(smbDeps({ replyMs: REPLY_MS }));
  const login = { user: peer.user, password: peer.password };
  const target = { name: 'peer', host: '127.0.0.1', port: peer.port };
  const use: SmbUse = { target, login, share: 'files', deadlineMs: 30_000 };
  const tally: Tally = { rounds: 0, frozen: 0, killed: 0, typed: 0, late: 0, recovered: 0, slowestMs: 0 };
  let [before, after] = [0, 0];
  try {
    const put = await pool.use(
      use,
      (files, signal) => files.write('down', new Uint8Array(20_000_000), { isReplacing: true }, signal),
      NEVER,
    );
    if (!put.ok) throw new Error(smbFailure(put.fault, put.detail).detail);
    before = openDescriptors();
    for (let n = 0; n < (isQuick ? 4 : 100); n += 1) {
      await round({ pool, use, peer }, random, tally);
      if (n % 10 === 9) say(`${n + 1} rounds, ${tally.recovered} recovered, ${openDescriptors()} descriptors`);
    }
    after = openDescriptors();
  } finally {
    await pool.stop();
    await peer.stop();
  }
  const { slowestMs, ...counts } = tally;
  return {
    name: 'chaos smb',
    durationMs: systemClock.monotonic() - begin,
    figures: {
      ...counts,
      untyped: tally.rounds - tally.typed,
      unrecovered: tally.rounds - tally.recovered,
      slowestMs: Math.round(slowestMs),
      leakedDescriptors: after - before,
    },
    details: { seed, replyMs: REPLY_MS },
  };
};
