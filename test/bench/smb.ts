// `bench smb`: a large file up and down, signed, by our client and by smbclient in the same run against the same smbd.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SmbFiles } from '#relay/transport/smb/smb-files.ts';
import { systemClock } from '#shared/base/clock.ts';
import { filesOf, got, NEVER } from '#test/fixtures/smb-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './statistics.ts';

const MB = 1_000_000;

interface Job {
  peer: SmbdPeer;
  local: string;
  bytes: number;
}

/** MB a second as smbclient itself reports them: its start and login are not counted, as ours are not. */
async function smbclientRate({ peer, local }: Job, command: string): Promise<number> {
  const where = [`//127.0.0.1/files`, '--port', String(peer.port), '--user', peer.user];
  // The same protection as ours: each message signed. The password stands in no argument.
  const options = ['--client-protection=sign', '--configfile=/dev/null', '--directory=/', '--command', command];
  const env = { ...process.env, PASSWD: peer.password };
  const ran = await promisify(execFile)('smbclient', [...where, ...options], { env, cwd: path.dirname(local) });
  const kilobytes = /\(([\d.]+) (?:kb|KiloBytes)\/s(?:ec)?\)/i.exec(`${ran.stdout}${ran.stderr}`)?.[1];
  if (kilobytes === undefined) throw new Error(`smbclient says no rate: ${ran.stdout}${ran.stderr}`);
  return (Number(kilobytes) * 1_024) / MB;
}

async function rateOf(bytes: number, act: () => Promise<unknown>): Promise<number> {
  const begin = systemClock.monotonic();
  await act();
  return bytes / MB / ((systemClock.monotonic() - begin) / 1_000);
}

interface Round {
  up: number;
  down: number;
  theirUp: number;
  theirDown: number;
  isEqual: boolean;
}

interface Mover {
  up: () => Promise<number>;
  down: () => Promise<number>;
}

function ourMover({ local, bytes }: Job, files: SmbFiles, onProgress: () => void, hashes: string[]): Mover {
  return {
    up: () =>
      rateOf(bytes, async () => {
        await using handle = await open(local);
        const source = { read: async (into: Uint8Array) => (await handle.read(into)).bytesRead };
        const options = { isReadBack: false, sizeBytes: bytes, onProgress };
        hashes.push(got(await files.upload('ours', source, options, NEVER)).sha256);
      }),
    down: () =>
      rateOf(bytes, async () => {
        const options = { maxBytes: bytes, onProgress };
        hashes.push(got(await files.download('ours', () => undefined, options, NEVER)).sha256);
      }),
  };
}

/** Each begins with its own file gone, and goes first every other round: what the machine still holds helps neither. */
async function runRound(job: Job, files: SmbFiles, { wanted, n, onProgress }: RoundOptions): Promise<Round> {
  const hashes: string[] = [];
  const ours = ourMover(job, files, onProgress, hashes);
  const theirs: Mover = {
    up: () => smbclientRate(job, `put ${path.basename(job.local)} theirs`),
    down: () => smbclientRate(job, 'get theirs /dev/null'),
  };
  const both = async (act: 'up' | 'down') => {
    if (n % 2 === 0) return { our: await ours[act](), their: await theirs[act]() };
    const their = await theirs[act]();
    return { our: await ours[act](), their };
  };
  for (const name of ['ours', 'theirs']) rmSync(path.join(job.peer.folder, name), { force: true });
  const up = await both('up');
  const down = await both('down');
  const back = got(await files.download('theirs', () => undefined, { maxBytes: job.bytes }, NEVER));
  const isEqual = [...hashes, back.sha256].every((hash) => hash === wanted);
  return { up: up.our, down: down.our, theirUp: up.their, theirDown: down.their, isEqual };
}

interface RoundOptions {
  wanted: string;
  n: number;
  onProgress: () => void;
}

const rssMb = () => process.memoryUsage.rss() / 2 ** 20;

export const benchSmb: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-bench-smb');
  const bytes = isQuick ? 20 * MB : 200 * MB;
  const content = randomBytes(bytes);
  const wanted = createHash('sha256').update(content).digest('hex');
  const local = path.join(folder.path, 'content');
  writeFileSync(local, content);
  const peer = await startSmbd('signing');
  const rounds: Round[] = [];
  let grownMb = 0;
  try {
    const { connection, files } = await filesOf(peer);
    const before = rssMb();
    const onProgress = () => {
      grownMb = Math.max(grownMb, rssMb() - before);
    };
    for (let n = 0; n < (isQuick ? 2 : 10); n += 1) {
      const round = await runRound({ peer, local, bytes }, files, { wanted, n, onProgress });
      rounds.push(round);
      say(
        `up ${Math.round(round.up)} of ${Math.round(round.theirUp)}, down ${Math.round(round.down)} of ${Math.round(round.theirDown)} MB/s`,
      );
    }
    connection.close();
  } finally {
    await peer.stop();
    rmSync(local);
  }
  const of = (figure: (round: Round) => number) => median(rounds.map(figure));
  return {
    name: 'bench smb',
    durationMs: systemClock.monotonic() - begin,
    figures: {
      rounds: rounds.length,
      equalHashes: rounds.filter(({ isEqual }) => isEqual).length,
      writeRatio: rounded(of(({ up, theirUp }) => up / theirUp)),
      readRatio: rounded(of(({ down, theirDown }) => down / theirDown)),
      writeMbPerS: Math.round(of(({ up }) => up)),
      readMbPerS: Math.round(of(({ down }) => down)),
      smbclientWriteMbPerS: Math.round(of(({ theirUp }) => theirUp)),
      smbclientReadMbPerS: Math.round(of(({ theirDown }) => theirDown)),
      rssGrowthMb: Math.round(grownMb),
    },
    details: { bytes, isSigned: true },
  };
};
