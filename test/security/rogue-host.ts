// Fifty impostors answer where a device should be, under every rule a site may have: no login is offered to any of them.
import type { CredentialInput } from '#relay/transport/credentials.ts';
import type { SessionAsk } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { makeSshRelay, never, type SshRelay } from '#test/peers/ssh-relay.ts';
import { type Impostor, startImpostors } from './impostors.ts';
import type { Attack } from './security.ts';

const RANGE = '127.71.0.0/16';
const INSIDE = (n: number) => `127.71.1.${n + 1}`;
const OUTSIDE = (n: number) => `127.66.1.${n + 1}`;
const SOLO = { networks: [], isFirstUseAllowed: true };
const TEAM = { networks: [RANGE], isFirstUseAllowed: false };
const ELSE = `SHA256:${'A'.repeat(43)}`;

type Binding = NonNullable<CredentialInput['binding']>;
const BOUND: Binding = { purpose: 'both', ranges: [RANGE], weakest: 'password' };

interface Case {
  name: string;
  address: (n: number) => string;
  /** How the device is known before the impostor takes its place. */
  pin?: 'first-use' | 'signer';
  options?: Parameters<typeof makeSshRelay>[2];
  binding?: Binding | 'none';
  secret?: 'password' | 'key';
}

/** Five impostors each. */
const CASES: readonly Case[] = [
  { name: 'pinned at first use, another key', address: INSIDE, pin: 'first-use' },
  { name: 'pinned by a signer, another key', address: INSIDE, pin: 'signer' },
  { name: 'pinned by a signer, outside', address: OUTSIDE, pin: 'signer' },
  { name: 'pinned at first use, outside', address: OUTSIDE, pin: 'first-use' },
  { name: 'new, outside the ranges, password', address: OUTSIDE },
  { name: 'new, outside the ranges, key', address: OUTSIDE, secret: 'key' },
  { name: 'new, a password without ranges', address: OUTSIDE, binding: 'none' },
  { name: 'new, inside, a site of several people', address: INSIDE, options: { site: TEAM } },
  { name: 'new, inside, key, a site of several people', address: INSIDE, secret: 'key', options: { site: TEAM } },
  { name: 'new, inside, first use refused', address: INSIDE, options: { hostKeyPolicy: 'refuse' } },
];
const EACH = 5;

const loginOf = ({ binding = BOUND, secret = 'password' }: Case): CredentialInput => ({
  user: 'monitor',
  ...(secret === 'password' ? { password: 'canary-tiger' } : { privateKey: newEd25519Pem() }),
  ...(binding === 'none' ? {} : { binding }),
});

/** Asks for a session to monitor and one to act; gives the reasons why there is none. */
async function ask(relay: SshRelay, entry: RosterEntry): Promise<string[]> {
  const act: SessionAsk = { purpose: 'act', order: ManifestId.parse(newId(systemClock.now())) };
  const asked = [await relay.pool.session(entry, never), await relay.pool.session(entry, never, act)];
  return asked.map((got) => (got.ok ? 'OPENED' : got.reason));
}

async function attackCase(one: Case, hosts: readonly Impostor[]): Promise<string[]> {
  await using folder = makeTempFolder('rmm-rogue');
  const relay = makeSshRelay(folder.path, loginOf(one), { site: SOLO, ...one.options });
  try {
    // As it is: the kit would bind one that says nothing.
    relay.credentials.add('main', loginOf(one));
    const reasons = hosts.map(({ address, port }) => {
      const entry = relay.device(port, { address });
      if (one.pin !== undefined) relay.pins.set(entry.device, { macs: [], hostKey: ELSE });
      if (one.pin === 'signer') relay.signed.set(entry.device, ELSE);
      return ask(relay, entry);
    });
    return (await Promise.all(reasons)).flat();
  } finally {
    await relay.pool.stop();
  }
}

/** The same impostor where a login may go: it is offered, so these servers would see one. */
async function control(): Promise<number> {
  await using impostors = await startImpostors([INSIDE(200)]);
  const [host] = impostors.hosts;
  await using folder = makeTempFolder('rmm-rogue');
  const relay = makeSshRelay(folder.path, loginOf({ name: '', address: INSIDE }), { site: SOLO });
  try {
    const entry = relay.device(host?.port ?? 0, { address: host?.address ?? '' });
    await relay.pool.session(entry, AbortSignal.timeout(3_000));
  } finally {
    await relay.pool.stop();
  }
  return impostors.attempts().length;
}

export const attackRogueHost: Attack = async ({ say }) => {
  const startedAt = systemClock.monotonic();
  const seen = await control();
  say(`where it may go, ${seen} attempts were seen`);
  const places = CASES.flatMap((one, at) => Array.from({ length: EACH }, (_, n) => one.address(at * EACH + n)));
  await using impostors = await startImpostors(places);
  let opened = 0;
  for (const [at, one] of CASES.entries()) {
    const before = impostors.attempts().length;
    const reasons = await attackCase(one, impostors.hosts.slice(at * EACH, (at + 1) * EACH));
    opened += reasons.filter((reason) => reason === 'OPENED').length;
    say(`${one.name}: ${impostors.attempts().length - before} attempts; ${[...new Set(reasons)].join(', ')}`);
  }
  return {
    name: 'security rogue-host',
    figures: {
      impostors: impostors.hosts.length,
      reached: impostors.reached(),
      attempts: impostors.attempts().length,
      sessions: opened,
      controlAttempts: seen,
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
