// `npm run chaos -- command`: a relay dies at every pair of steps of an order, and the order comes again and again: never run twice, never a false success, never stuck.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalTransport } from '#relay/transport/local/local-transport.ts';
import type { Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId, systemRandom } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { deviceNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Chaos } from './chaos.ts';
import { CommandLife, CRASH_POINTS, type CrashPoint } from './command-life.ts';

/** How often the order is handed over in each life: by a console that reconnects, restarts, or is stolen. */
const REDELIVERIES = [1, 2, 3, 4];
const QUICK_REDELIVERIES = [2];
/** Runs at once: each is a few commits and one shell. */
const AT_ONCE = 8;
const VALID_MS = 600_000;

interface Case {
  first: CrashPoint;
  second: CrashPoint;
  copies: number;
  isPlanted?: boolean;
}

interface Stage {
  folder: string;
  session: Session;
  signer: SigningKey;
  charter: Charter;
}

interface Seen {
  /** Lines of the marker file. */
  ran: number;
  states: string[];
  crashes: number;
}

const DEVICE = deviceNo(1);

/** Under which this key may order, at once. */
export const charterFor = (signer: SigningKey): Charter => ({
  ...{ v: 1, version: 1, site: siteNo(1), profile: 'solo', owners: [signer.publicKey], quorum: 1 },
  issuedAt: systemClock.now() - 1_000,
  expiresAt: systemClock.now() + 86_400_000,
  signers: [{ kind: 'cli-ed25519', key: signer.publicKey, name: 'cli', role: 'technician' }],
  caps: { devicesPerManifest: 5, devicesPerTenMinutes: 100, maxTimeoutMs: 60_000, maxOutputBytes: 65_536 },
  tiers: { t3: { stopMs: 0 } },
});

async function orderFor({ signer, session }: Stage, marker: string) {
  const now = systemClock.now();
  const manifest: Manifest = {
    ...{ v: 1, id: ManifestId.parse(newId(now)), site: siteNo(1), relay: relayNo(1), charterVersion: 1, reason: '' },
    targets: [{ device: DEVICE, identity: session.identity }],
    action: { name: 'command.run', arguments: { command: `echo run >> '${marker}'; sleep 0.02` } },
    ...{ nbf: now - 1_000, exp: now + VALID_MS },
    caps: { timeoutMs: 20_000, outputBytes: 1_024, concurrency: 1 },
  };
  const [signed] = await signBatch([manifest], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  return signed;
}

const marksIn = (marker: string): number =>
  existsSync(marker) ? readFileSync(marker, 'utf8').split('\n').length - 1 : 0;

/** Three lives at most: the third one is not cut off. */
async function play(stage: Stage, n: number, { first, second, copies, isPlanted = false }: Case): Promise<Seen> {
  const folder = path.join(stage.folder, String(n));
  const marker = path.join(stage.folder, `ran-${n}`);
  const signed = await orderFor(stage, marker);
  const onMark = async () => {
    for (let tries = 0; tries < 500 && marksIn(marker) === 0; tries += 1) await systemClock.sleep(5);
  };
  let crashes = 0;
  let states: string[] = [];
  for (const [life, crashAt] of [first, second, 'none' as const].entries()) {
    const places = { folder: path.join(folder, String(life)), next: path.join(folder, String(life + 1)) };
    const { session, charter } = stage;
    const one = new CommandLife({ ...places, crashAt, charter, session, onMark, isPlanted });
    await one.play(signed, copies);
    states = one.finals().map(({ state }) => state);
    await one.stop();
    if (!one.isDead) break;
    crashes += 1;
  }
  // A command whose relay died in its middle goes on to its end.
  await systemClock.sleep(50);
  return { ran: marksIn(marker), states, crashes };
}

function casesOf(isQuick: boolean): Case[] {
  const copies = isQuick ? QUICK_REDELIVERIES : REDELIVERIES;
  return CRASH_POINTS.flatMap((first) =>
    CRASH_POINTS.filter((second) => first !== 'none' || second === 'none').flatMap((second) =>
      copies.map((count) => ({ first, second, copies: count })),
    ),
  );
}

export const command: Chaos = async ({ isQuick, seed, say }) => {
  const startedAt = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-command');
  const signer = await generateSigningKey();
  const opened = await new LocalTransport({ clock: systemClock, random: systemRandom }).open(
    { device: DEVICE, name: 'srv', transport: 'local', address: 'localhost', intervalMs: 60_000 },
    new AbortController().signal,
  );
  if (!opened.ok) throw new Error(opened.detail);
  const stage: Stage = { folder: folder.path, session: opened.value, signer, charter: charterFor(signer) };
  const cases = casesOf(isQuick);
  const sum = { twice: 0, untrue: 0, stuck: 0, crashes: 0, succeeded: 0, unknown: 0 };
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < cases.length; n = next++) {
      const one = cases[n];
      if (one === undefined) return;
      const { ran, states, crashes } = await play(stage, n, one);
      const isBad = { twice: ran > 1, untrue: states.includes('succeeded') && ran === 0, stuck: states.length === 0 };
      for (const [kind, isSo] of Object.entries(isBad))
        if (isSo)
          say(`${kind}: ${one.first}, then ${one.second}, ${one.copies} copies: ran ${ran}, ${states.join(' ')}`);
      sum.twice += Number(isBad.twice);
      sum.untrue += Number(isBad.untrue);
      sum.stuck += Number(isBad.stuck);
      sum.crashes += crashes;
      sum.succeeded += Number(states.includes('succeeded'));
      sum.unknown += Number(states.includes('unknown'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const pairs = cases.filter(({ first, copies }) => first !== 'none' && copies === cases[0]?.copies).length;
  const planted = await play(stage, cases.length, {
    first: 'in the command',
    second: 'none',
    copies: 2,
    isPlanted: true,
  });
  const figures = { runs: cases.length, pairs, ...sum, plantedCaught: Number(planted.ran > 1) };
  return { name: 'chaos command', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed } };
};
