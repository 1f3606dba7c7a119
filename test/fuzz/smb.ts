// `fuzz smb`: hostile answers to every operation, in memory, and a real smbd behind somebody who flips, cuts and lies.
import { Channel } from '#relay/transport/smb/channel.ts';
import { decodeNegotiate, newOffer } from '#relay/transport/smb/negotiate.ts';
import { OpenShare } from '#relay/transport/smb/open-share.ts';
import { Share } from '#relay/transport/smb/share.ts';
import { SmbError, type SmbOutcome } from '#relay/transport/smb/smb-fault.ts';
import type { SmbFiles } from '#relay/transport/smb/smb-files.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { seededBytes, seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import { chunksOf, entriesOf, NEVER } from '#test/fixtures/smb-kit.ts';
import type { Figures } from '#test/judge.ts';
import { below, damage, noise, pick, type Random } from './mutate.ts';
import { fuzzBetween } from './smb-between.ts';
import { hostileServer } from './smb-server.ts';

interface Options {
  count: number;
  seed: number;
  say: (line: string) => void;
}

const WINDOW = { pieceBytes: 65_536, depth: 4 };
// One in twenty goes over a network to a real server; the rest is memory alone.
const BETWEEN_EVERY = 20;
// What is still under way after so many turns, when all is said and the connection is cut, is a hang.
const MAX_TURNS = 200;

type Operation = (files: SmbFiles, random: Random) => Promise<unknown>;

const OPERATIONS: readonly Operation[] = [
  (files) => files.stat('a/b', NEVER),
  (files) => entriesOf(files.list('a', { maxEntries: 1_000 }, NEVER)),
  (files) => files.read('a', 4_000_000, NEVER),
  (files, random) => files.write('a', new Uint8Array(below(random, 100_000)), { isReplacing: true }, NEVER),
  (files, random) => files.upload('a', chunksOf(new Uint8Array(below(random, 400_000))), { isReadBack: false }, NEVER),
  (files) => files.rename('a', 'b', { isReplacing: false }, NEVER),
  (files) => files.remove('a', NEVER),
  (files) => files.makeFolder('a', NEVER),
  (files) => files.watch('a', { isDeep: true }, NEVER).next(),
];

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

interface Tally {
  crashes: number;
  hangs: number;
  succeeded: number;
  failed: number;
  maxBytes: number;
}

/** A value of an outcome's shape, or of an iterator's; anything else is not told apart. */
const isFailure = (end: unknown): boolean => {
  const outcome = (end as { end?: unknown; value?: unknown } | undefined)?.end ?? end;
  return (outcome as SmbOutcome<unknown> | undefined)?.ok === false;
};

async function fuzzOperation(seed: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  const channel = new Channel({ clock: new FakeClock(), replyMs: 1_000 });
  const server = hostileServer(channel, random);
  channel.attach(server);
  channel.allow(WINDOW.pieceBytes);
  channel.credits.give(0, 100);
  const share = new Share(channel, { id: 1, isEncrypted: false });
  const files = new OpenShare({ name: 'host', share, random: seededBytes(seed), read: WINDOW, write: WINDOW });
  let isOver = false;
  const ended = pick(random, OPERATIONS)(files, random).finally(() => {
    isOver = true;
  });
  // Listened to from the start.
  ended.catch(() => undefined);
  for (let turns = 0; turns < MAX_TURNS && !isOver; turns += 1) {
    await turn();
    if (!server.speak() && turns > 5) channel.fail(new SmbError('lost', 'cut'));
  }
  channel.fail(new SmbError('lost', 'cut'));
  await turn();
  if (!isOver) {
    tally.hangs += 1;
    return;
  }
  // The channel turns a fault of ours into the end of the connection; here it is what we look for.
  const fault = channel.failure?.cause;
  if (fault instanceof Error) throw fault;
  if (isFailure(await ended)) tally.failed += 1;
  else tally.succeeded += 1;
}

/** A good answer of 3.1.1 with its three contexts (MS-SMB2 2.2.4). */
function goodNegotiation(): Buffer {
  const message = Buffer.alloc(64 + 64 + 64);
  message.writeUInt16LE(65, 64);
  message.writeUInt16LE(0x0311, 68);
  message.writeUInt16LE(3, 70);
  for (const at of [92, 96, 100]) message.writeUInt32LE(8_388_608, at);
  message.writeUInt32LE(128, 124);
  message.write('0100060001000000', 128, 'hex');
  message.write('0100000001000000', 136, 'hex');
  message.write('0200040000000000', 144, 'hex');
  message.write('0100020000000000', 152, 'hex');
  message.write('0800040000000000', 160, 'hex');
  message.write('0100020000000000', 168, 'hex');
  return message;
}

const OFFER = newOffer(['3.0', '3.0.2', '3.1.1'], seededBytes(1));

function fuzzNegotiation(seed: number, tally: Tally): void {
  const random = seededRandom(seed);
  const bytes = random() < 0.1 ? noise(random) : damage(Uint8Array.from(goodNegotiation()), random);
  try {
    decodeNegotiate(Buffer.from(bytes), OFFER);
    tally.succeeded += 1;
  } catch (error) {
    if (!(error instanceof SmbError)) throw error;
    tally.failed += 1;
  }
}

async function fuzzOne(seed: number, n: number, tally: Tally, say: (line: string) => void): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  try {
    if (n % 4 === 0) fuzzNegotiation(seedFrom(seed, n), tally);
    else await fuzzOperation(seedFrom(seed, n), tally);
  } catch (error) {
    tally.crashes += 1;
    if (tally.crashes <= 20) say(`input ${n} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  tally.maxBytes = Math.max(tally.maxBytes, process.memoryUsage().arrayBuffers - before);
}

export async function fuzzSmb({ count, seed, say }: Options): Promise<Figures> {
  const tally: Tally = { crashes: 0, hangs: 0, succeeded: 0, failed: 0, maxBytes: 0 };
  const between = Math.ceil(count / BETWEEN_EVERY);
  for (let n = 0; n < count - between; n += 1) await fuzzOne(seed, n, tally, say);
  const real = await fuzzBetween({ count: between, seed, say });
  return {
    inputs: count,
    crashes: tally.crashes + real.crashes,
    hangs: tally.hangs + real.hangs,
    succeeded: tally.succeeded,
    failed: tally.failed,
    maxMb: Math.round((tally.maxBytes / 2 ** 20) * 10) / 10,
    between,
    touched: real.touched,
    takenAltered: real.takenAltered,
    badSignature: real.faults.get('bad-signature') ?? 0,
  };
}
