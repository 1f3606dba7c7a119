// `npm run chaos -- queue`: two claimants of each file of a queue on a real smbd, a relay that takes back what a device claims, and forged jobs.
import { randomBytes } from 'node:crypto';
import { openJobKey } from '#relay/pin/job-key.ts';
import type { SmbFiles } from '#relay/transport/smb/smb-files.ts';
import { jobName, jobText } from '#relay/transport/smb-queue/job-text.ts';
import { QueueShare } from '#relay/transport/smb-queue/queue-share.ts';
import { systemClock } from '#shared/base/clock.ts';
import { newId } from '#shared/base/id.ts';
import { filesOf, got, NEVER } from '#test/fixtures/smb-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { QueueDevice } from '#test/peers/queue-device.ts';
import { startSmbd } from '#test/peers/smbd.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';

const ROUNDS = 1_000;
const QUICK_ROUNDS = 40;
/** Every so many rounds a forged job as well. */
const FORGED_EVERY = 5;
const CONTENT = Buffer.from('a job');

/** What came of one file: how many got it, and how many files of it there are now. */
interface Round {
  winners: number;
  left: number;
}

const namesIn = async (files: SmbFiles, folder: string): Promise<string[]> => {
  const names: string[] = [];
  for await (const { name } of files.list(folder, { maxEntries: 10_000 }, NEVER)) names.push(name);
  return names;
};

/** In how many folders it stands under its own name. */
async function placesOf(name: string, one: SmbFiles, other: SmbFiles): Promise<number> {
  const names = [...(await namesIn(one, 'jobs')), ...(await namesIn(other, 'claimed'))];
  return names.filter((found) => found === name).length;
}

async function raceOfTwo(first: SmbFiles, second: SmbFiles): Promise<Round> {
  const name = jobName({ id: newId(systemClock.now()), lane: 'monitor' });
  got(await first.write(`jobs/${name}`, CONTENT, { isReplacing: false }, NEVER));
  const claim = (files: SmbFiles) => files.rename(`jobs/${name}`, `claimed/${name}`, { isReplacing: false }, NEVER);
  const claims = await Promise.all([claim(first), claim(second)]);
  const left = await placesOf(name, first, second);
  got(await first.remove(`claimed/${name}`, NEVER));
  return { winners: claims.filter(({ ok }) => ok).length, left };
}

/** A relay takes its job back while the device claims it: either it is back and never ran, or the device has it. */
async function raceWithRelay(relay: SmbFiles, device: SmbFiles): Promise<Round> {
  const name = jobName({ id: newId(systemClock.now()), lane: 'monitor' });
  got(await relay.write(`jobs/${name}`, CONTENT, { isReplacing: false }, NEVER));
  const back = new QueueShare(relay).withdraw(name, NEVER);
  const claimed = device.rename(`jobs/${name}`, `claimed/${name}`, { isReplacing: false }, NEVER);
  const [withdrawn, won] = await Promise.all([back, claimed]);
  const isBack = withdrawn.ok && withdrawn.value === 'withdrawn';
  const left = await placesOf(name, relay, device);
  if (won.ok) got(await relay.remove(`claimed/${name}`, NEVER));
  return { winners: Number(isBack) + Number(won.ok), left: left + Number(isBack) };
}

interface Forger {
  files: SmbFiles;
  device: QueueDevice;
  key: ReturnType<typeof openJobKey>;
  stranger: ReturnType<typeof openJobKey>;
}

/** One of six ways to slip a job in. */
async function forge({ files, device, key, stranger }: Forger, way: number): Promise<void> {
  const now = systemClock.now();
  const id = newId(now);
  const statement = { id, kind: 'run', lane: 'monitor', device: { key: device.fingerprint } } as const;
  const bounds = { timeoutMs: 1_000, maxOutputBytes: 0, keepTruncated: false };
  const span =
    way % 6 === 5 ? { notBefore: 0, expiresAt: now - 1 } : { notBefore: now - 60_000, expiresAt: now + 60_000 };
  const text = Buffer.from(jobText({ ...statement, ...bounds, ...span }, 'evil', way % 6 === 0 ? stranger : key));
  const [head = '', jws = '', script = ''] = text.toString('latin1').split('\n');
  const [header = '', payload = ''] = jws.split('.');
  const forms = [
    text.toString('latin1'),
    `${head}\n${header}.${payload}.\n${script}\n`,
    `${head}\n${header}.${payload}.${randomBytes(64).toString('base64url')}\n${script}\n`,
    `${head}\n${jws}\n${Buffer.from('other').toString('base64')}\n`,
    `${script}\n`,
    text.toString('latin1'),
  ];
  const content = Buffer.from(forms[way % 6] ?? '');
  got(await files.write(`jobs/${jobName({ id, lane: 'monitor' })}`, content, { isReplacing: false }, NEVER));
  await device.look();
  got(await files.read(`done/${id}.answer`, 65_536, NEVER)); // refused in writing
  got(await files.remove(`done/${id}.answer`, NEVER));
}

export const queue: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const rounds = isQuick ? QUICK_ROUNDS : ROUNDS;
  const peer = await startSmbd('signing');
  await using folder = makeTempFolder('rmm-queue');
  try {
    const [one, other] = [await filesOf(peer), await filesOf(peer)];
    for (const name of ['jobs', 'claimed', 'done']) got(await one.files.makeFolder(name, NEVER));
    const [key, stranger] = [openJobKey(folder.path), openJobKey(`${folder.path}/other`)];
    const files = other.files;
    const run = () => ({ end: { kind: 'exit', code: 0 } as const });
    const device = new QueueDevice({ files, relayKey: key.publicText, now: () => systemClock.now(), run });
    const seen: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      seen.push(await raceOfTwo(one.files, other.files), await raceWithRelay(one.files, other.files));
      if (round % FORGED_EVERY === 0) await forge({ files: one.files, device, key, stranger }, round / FORGED_EVERY);
      if (round % 250 === 249) say(`${round + 1} rounds`);
    }
    one.connection.close();
    other.connection.close();
    const figures = {
      files: seen.length,
      withoutWinner: seen.filter(({ winners }) => winners === 0).length,
      withTwoWinners: seen.filter(({ winners }) => winners > 1).length,
      lost: seen.filter(({ left }) => left !== 1).length,
      forged: Math.ceil(rounds / FORGED_EVERY),
      refused: device.refused.length,
      ranForged: device.ran.length,
    };
    return { name: 'chaos queue', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed } };
  } finally {
    await peer.stop();
  }
};
