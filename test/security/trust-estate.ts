// Forty relays of one site that pinned a charter, its people and their keys, and batches that name their devices.
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, ManifestId, newId, RelayId } from '#shared/base/id.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { Action, Manifest, Signature, SignedManifest } from '#shared/model/manifest.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import { generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { draftBatch, sealBatch, signStatement } from '#shared/seal/manifest-seal.ts';
import { SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { passkeyOfWord, passkeySigner, type VirtualPasskey } from '#test/fixtures/virtual-passkey.ts';
import { type DecidingRelay, enrolAt, IDENTITY, startDeciding, type TurnedClock } from './deciding-relay.ts';

const WORDS = ['owner1', 'owner2', 'ann', 'bob', 'annToo', 'approver', 'guardian', 'former', 'stranger'] as const;
type Word = (typeof WORDS)[number];

export interface People {
  key: Record<Word, SigningKey>;
  tap: Record<'ann' | 'bob', VirtualPasskey>;
}

/** New keys every time: nothing here may lean on a key that stands in a file. */
export async function makePeople(): Promise<People> {
  const pairs = await Promise.all(WORDS.map(async (word) => [word, await generateSigningKey()] as const));
  const tap = { ann: await passkeyOfWord('ann'), bob: await passkeyOfWord('bob') };
  // One key for each word.
  return { key: Object.fromEntries(pairs) as Record<Word, SigningKey>, tap };
}

const cli = (key: SigningKey, name: string, change: Partial<Signer> = {}): Signer =>
  // The change never names another kind.
  ({ kind: 'cli-ed25519', key: key.publicKey, name, role: 'technician', ...change }) as Signer;

/** Profile team; Ann holds three keys, Bob two. */
export function teamCharter({ key, tap }: People, change: Partial<Charter> = {}): Charter {
  const now = systemClock.now();
  return {
    v: 1,
    version: 2,
    site: SAMPLE_SITE,
    profile: 'team',
    issuedAt: now - 3_600_000,
    expiresAt: now + 86_400_000,
    owners: [key.owner1.publicKey, key.owner2.publicKey],
    quorum: 2,
    signers: [
      cli(key.ann, 'ann', { person: 'ann' }),
      cli(key.annToo, 'ann laptop', { person: 'ann' }),
      cli(key.bob, 'bob', { person: 'bob' }),
      cli(key.approver, 'approver', { role: 'approver' }),
      cli(key.guardian, 'guardian', { role: 'guardian' }),
      passkeySigner(tap.ann, 'ann phone', { person: 'ann' }),
      passkeySigner(tap.bob, 'bob phone', { person: 'bob' }),
    ],
    caps: { devicesPerManifest: 100, devicesPerTenMinutes: 200, maxTimeoutMs: 60_000, maxOutputBytes: 65_536 },
    ...change,
  };
}

export function turnedClock(): TurnedClock {
  let turned = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + turned,
    turn: (byMs) => {
      turned += byMs;
    },
  };
}

export async function startRelays(
  folder: string,
  count: number,
  given: { charter: Charter; people: People; clock: TurnedClock; runMs?: number; exitCode?: number },
): Promise<DecidingRelay[]> {
  const { charter, people, clock, ...how } = given;
  const signed = await signCharter(charter, [people.key.owner1, people.key.owner2]);
  const relays: DecidingRelay[] = [];
  for (let n = 0; n < count; n += 1) {
    const own = path.join(folder, `relay-${n}`);
    enrolAt(own, signed, charter);
    const relay = RelayId.parse(newId(systemClock.now()));
    relays.push(await startDeciding({ folder: own, clock, relay, ...how }));
  }
  return relays;
}

export const RUN: Action = { name: 'command.run', arguments: { command: 'uptime' } };
export const RESTART: Action = { name: 'service.restart', arguments: { service: 'cron' } };
/** The one action of its tier today. */
export const ACCEPT: Action = { name: 'identity.accept', arguments: {} };

export function manifestFor(relay: RelayId, devices: number, action: Action, change: Partial<Manifest> = {}): Manifest {
  const now = systemClock.now();
  return {
    v: 1,
    id: ManifestId.parse(newId(now)),
    site: SAMPLE_SITE,
    relay,
    targets: Array.from({ length: devices }, () => ({ device: DeviceId.parse(newId(now)), identity: IDENTITY })),
    action,
    nbf: now,
    exp: now + 600_000,
    charterVersion: 2,
    caps: { timeoutMs: 10_000, outputBytes: 1_024, concurrency: 5 },
    reason: '',
    ...change,
  };
}

/** A batch with the signatures that `sign` makes of its statement. */
export async function sealedBy(
  manifests: readonly Manifest[],
  sign: (statement: string) => Promise<readonly [Signature, ...Signature[]]>,
): Promise<SignedManifest[]> {
  const { statement, parts } = await draftBatch(manifests);
  return sealBatch(parts, await sign(statement));
}

export const byKeys =
  (first: SigningKey, ...more: SigningKey[]) =>
  async (statement: string): Promise<[Signature, ...Signature[]]> => [
    await signStatement(statement, first),
    ...(await Promise.all(more.map((key) => signStatement(statement, key)))),
  ];

/** Hands each part to its relay, and waits until all that was taken is done. */
export async function deliver(relays: readonly DecidingRelay[], batch: readonly SignedManifest[]): Promise<void> {
  await Promise.all(
    relays.map(async (relay, n) => {
      const part = batch[n];
      if (part !== undefined) await relay.receive(part);
    }),
  );
  await untilIdle(relays);
}

/** Ten seconds for work that takes milliseconds. */
const PATIENCE_MS = 10_000;

export async function untilIdle(relays: readonly DecidingRelay[]): Promise<void> {
  const until = systemClock.monotonic() + PATIENCE_MS;
  const isBusy = () => relays.some(({ executor }) => Object.values(executor.stats()).some((count) => count > 0));
  while (isBusy() && systemClock.monotonic() < until) await systemClock.sleep(5);
}

export const actedAt = (relays: readonly DecidingRelay[]): number =>
  relays.reduce((sum, { acted }) => sum + acted.length, 0);
