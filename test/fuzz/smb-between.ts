// Real logins and transfers through somebody who flips one bit, cuts a frame short or lies about its length.
import { systemClock } from '#shared/base/clock.ts';
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import { connectTo, NEVER } from '#test/fixtures/smb-kit.ts';
import { type Meddle, startSmbProxy } from '#test/fixtures/smb-proxy.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import { below, type Random } from './mutate.ts';

interface Options {
  count: number;
  seed: number;
  say: (line: string) => void;
}

export interface Between {
  crashes: number;
  hangs: number;
  /** Cases in which a frame was really changed. */
  touched: number;
  /** Of those, how many went through as if nothing had happened. */
  takenAltered: number;
  faults: Map<string, number>;
}

/** A server that says nothing more is given up after a second; each case has a few more for its own work. */
const REPLY_MS = 1_000;
const CASE_MS = 10_000;
// Eight at once: most of a case is waiting.
const AT_ONCE = 8;
// A login, a share, a file written and read are some fourteen answers.
const ANSWERS = 14;
const PENDING = 0x103;

const KINDS: readonly ((frame: Buffer, random: Random) => Buffer)[] = [
  (frame, random) => {
    const at = 4 + below(random, frame.length - 4);
    frame[at] = (frame[at] ?? 0) ^ (1 << below(random, 8));
    return frame;
  },
  (frame, random) => {
    const cut = frame.subarray(0, 4 + below(random, frame.length - 4));
    cut.writeUInt32BE(cut.length - 4, 0);
    return cut;
  },
  (frame, random) => {
    frame.writeUInt32BE(below(random, 2 ** 24), 0);
    return frame;
  },
];

/** Nine of ten flip a bit; "it takes longer" is left alone, as nothing protects it and nothing rests on it. */
function meddler(random: Random, onTouch: () => void): Meddle {
  const chosen = below(random, ANSWERS);
  const kind = random() < 0.9 ? KINDS[0] : KINDS[1 + below(random, 2)];
  let isDone = false;
  return (frame, direction, index) => {
    const isInterim = frame.readUInt32LE(4) === 0x424d53fe && frame.readUInt32LE(12) === PENDING;
    if (direction === 'to-server' || isDone || index < chosen || isInterim || kind === undefined) return frame;
    isDone = true;
    onTouch();
    return kind(frame, random);
  };
}

const CONTENT = Buffer.alloc(100_000, 3);

async function session(peer: SmbdPeer, port: number, name: string): Promise<string> {
  const connected = await connectTo({ port, user: peer.user, password: peer.password }, { replyMs: REPLY_MS });
  if (!connected.ok) return connected.fault;
  try {
    const tree = await connected.value.tree('files', NEVER);
    if (!tree.ok) return tree.fault;
    const written = await tree.value.write(name, CONTENT, { isReplacing: true }, NEVER);
    if (!written.ok) return written.fault;
    const read = await tree.value.read(name, CONTENT.length, NEVER);
    if (!read.ok) return read.fault;
    return CONTENT.equals(read.value) ? 'none' : 'altered';
  } finally {
    connected.value.close();
  }
}

async function runCase(peer: SmbdPeer, seed: number, tally: Between): Promise<void> {
  const random = seededRandom(seed);
  let isTouched = false;
  const meddle = meddler(random, () => {
    isTouched = true;
  });
  const proxy = await startSmbProxy(peer.port, () => meddle);
  const stop = new AbortController();
  const late = systemClock.sleep(CASE_MS, stop.signal).then(
    () => 'hang',
    () => 'hang',
  );
  try {
    const fault = await Promise.race([session(peer, proxy.port, `f${seed}`), late]);
    tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
    if (isTouched) tally.touched += 1;
    if (fault === 'hang') tally.hangs += 1;
    else if (fault === 'altered' || (isTouched && fault === 'none')) tally.takenAltered += 1;
  } finally {
    stop.abort();
    await proxy.stop();
  }
}

export async function fuzzBetween({ count, seed, say }: Options): Promise<Between> {
  const tally: Between = { crashes: 0, hangs: 0, touched: 0, takenAltered: 0, faults: new Map() };
  const peer = await startSmbd('signing');
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      try {
        await runCase(peer, seedFrom(seed, n), tally);
      } catch (error) {
        tally.crashes += 1;
        say(`between ${n} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await peer.stop();
  }
  say(`between: ${[...tally.faults].map(([fault, n]) => `${fault} ${n}`).join(', ')}`);
  return tally;
}
