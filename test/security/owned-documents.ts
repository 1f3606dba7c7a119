// What a thief of the console can hand to a relay: everything that was ever signed, moved, edited or forged in each way we know.
import { systemClock } from '#shared/base/clock.ts';
import { FreezeId, newId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { assertWith } from '#test/fixtures/virtual-passkey.ts';
import type { DecidingRelay } from './deciding-relay.ts';
import { STANDING } from './standing-documents.ts';
import { ACCEPT, byKeys, manifestFor, type People, RUN, sealedBy } from './trust-estate.ts';

/** Where documents are handed over: rooms of a relay in this process, or the far end of a link. */
export type OwnedRelay = Pick<DecidingRelay, 'relay' | 'receive' | 'takeCharter' | 'takeBrake' | 'takeStanding'>;

export interface Loot {
  relay: OwnedRelay;
  others: readonly OwnedRelay[];
  /** A device of this relay, which an order that is taken would reach. */
  targets: Manifest['targets'];
  people: People;
  /** In force at the relays, and the one before it, which named one signer more. */
  charter: Charter;
  former: Charter;
  /** An order of this relay that ran. */
  done: SignedManifest;
}

type Crime = (loot: Loot) => Promise<void>;

const MINUTE_MS = 60_000;
const OTHER_SITE = SiteId.parse('0190a000-0000-7000-8001-0000000000aa');

type Sign = Parameters<typeof sealedBy>[1];

/** An order for this relay, signed as said; two people and the tier's rule are met unless the crime is that they are not. */
async function order(loot: Loot, change: Partial<Manifest>, sign: Sign, action = ACCEPT): Promise<SignedManifest> {
  const own = { site: loot.charter.site, targets: loot.targets };
  const [signed] = await sealedBy([manifestFor(loot.relay.relay, 1, action, { ...own, ...change })], sign);
  if (signed === undefined) throw new Error('nothing was signed');
  return signed;
}

const handOver = async (loot: Loot, signed: SignedManifest) => loot.relay.receive(signed);
const ann = ({ people }: Loot) => byKeys(people.key.ann);
const both = ({ people }: Loot) => byKeys(people.key.ann, people.key.bob);

const replaced = (text: string, from: RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to edit: ${from.source}`);
  return changed;
};

const edit =
  (from: RegExp, to: string): Crime =>
  async (loot) => {
    const signed = await order(loot, {}, both(loot), RUN);
    await handOver(loot, { ...signed, manifest: replaced(signed.manifest, from, to) });
  };

const aged =
  (change: (now: number) => Partial<Manifest>, sign: (loot: Loot) => Sign, action = ACCEPT): Crime =>
  async (loot) =>
    handOver(loot, await order(loot, change(systemClock.now()), sign(loot), action));

const ORDERS: Readonly<Record<string, Crime>> = {
  'signed by a stranger': async (loot) => handOver(loot, await order(loot, {}, byKeys(loot.people.key.stranger))),
  'signed by a stranger under the name of a signer': async (loot) => {
    const { stranger, ann: honest } = loot.people.key;
    await handOver(loot, await order(loot, {}, byKeys({ ...stranger, publicKey: honest.publicKey })));
  },
  'a stranger beside a signer': async (loot) =>
    handOver(loot, await order(loot, {}, byKeys(loot.people.key.ann, loot.people.key.stranger))),
  'another command': edit(/uptime/, 'reboot'),
  'another device': edit(/"device":"[0-9a-f]{8}/, '"device":"ffffffff'),
  'another time': edit(/"exp":1/, '"exp":2'),
  'white space': edit(/^\{/, '{ '),
  'a larger total': async (loot) => {
    const signed = await order(loot, {}, ann(loot));
    await handOver(loot, { ...signed, batch: { ...signed.batch, total: 2 } });
  },
  'the place of another manifest': async (loot) => {
    const { site } = loot.charter;
    const manifests = [loot.relay, ...loot.others].map(({ relay }) => manifestFor(relay, 1, ACCEPT, { site }));
    const [mine, next] = await sealedBy(manifests, ann(loot));
    if (mine !== undefined && next !== undefined) await handOver(loot, { ...mine, batch: next.batch });
  },
  'an approver alone': async (loot) => handOver(loot, await order(loot, {}, byKeys(loot.people.key.approver))),
  'a guardian': async (loot) => handOver(loot, await order(loot, {}, byKeys(loot.people.key.guardian))),
  'one person for an ad-hoc command': async (loot) => handOver(loot, await order(loot, {}, ann(loot), RUN)),
  'a passkey used on another page': async (loot) =>
    handOver(
      loot,
      await order(loot, {}, async (text) => [
        await assertWith(loot.people.tap.ann, text, { client: { origin: 'https://evil.example' } }),
      ]),
    ),
  'a passkey whose user was not verified': async (loot) =>
    handOver(loot, await order(loot, {}, async (text) => [await assertWith(loot.people.tap.ann, text, { flags: 1 })])),
  "a passkey's tap on something else": async (loot) =>
    handOver(loot, await order(loot, {}, async (text) => [await assertWith(loot.people.tap.ann, `${text} `)])),
  'meant for another relay': async (loot) => {
    const relay = loot.others[0]?.relay ?? RelayId.parse(newId(systemClock.now()));
    await handOver(loot, await order(loot, { relay }, ann(loot)));
  },
  'meant for another site': async (loot) => handOver(loot, await order(loot, { site: OTHER_SITE }, ann(loot))),
  expired: aged((now) => ({ nbf: now - 20 * MINUTE_MS, exp: now - MINUTE_MS }), ann),
  'valid for two days': aged((now) => ({ exp: now + 2_880 * MINUTE_MS }), ann),
  'of tomorrow': aged((now) => ({ nbf: now + 1_440 * MINUTE_MS, exp: now + 1_450 * MINUTE_MS }), ann),
  'signed too long ago for an ad-hoc command': aged(
    (now) => ({ nbf: now - 16 * MINUTE_MS, exp: now + 60 * MINUTE_MS }),
    both,
    RUN,
  ),
  'under the former charter': aged(() => ({ charterVersion: 1 }), both),
  'by somebody of the former charter': async (loot) =>
    handOver(loot, await order(loot, {}, byKeys(loot.people.key.former))),
  'a replay': async (loot) => handOver(loot, loot.done),
};

const charterBy =
  (change: (loot: Loot) => Charter, owners: ReadonlyArray<keyof People['key']>): Crime =>
  async (loot) =>
    loot.relay.takeCharter(
      await signCharter(
        change(loot),
        owners.map((word) => loot.people.key[word]),
      ),
    );

const next = ({ charter }: Loot): Charter => ({ ...charter, version: charter.version + 1, profile: 'solo' });

const TRUST: Readonly<Record<string, Crime>> = {
  'a charter by a stranger': charterBy(next, ['stranger']),
  'a charter by one of two owners': charterBy(next, ['owner1']),
  'a charter by one owner twice': charterBy(next, ['owner1', 'owner1']),
  'a charter by its signers': charterBy(next, ['ann', 'bob']),
  'the former charter': charterBy(({ former }) => former, ['owner1', 'owner2']),
  'another charter of the same number': charterBy(
    ({ charter }) => ({ ...charter, profile: 'solo' }),
    ['owner1', 'owner2'],
  ),
  'a charter of another site': charterBy((loot) => ({ ...next(loot), site: OTHER_SITE }), ['owner1', 'owner2']),
  'an edited charter': async (loot) => {
    const { charter, signatures } = await signCharter(loot.charter, [loot.people.key.owner1, loot.people.key.owner2]);
    await loot.relay.takeCharter({ charter: replaced(charter, /"version":2/, '"version":3'), signatures });
  },
  'a freeze by a technician': async (loot) => {
    const at = systemClock.now();
    const id = FreezeId.parse(newId(at));
    const brake = { v: 1, kind: 'freeze', site: loot.charter.site, id, at, reason: '' } as const;
    await loot.relay.takeBrake(await signBrake(brake, [loot.people.key.ann]));
  },
  'a thaw by one person': async (loot) => {
    const at = systemClock.now();
    const id = FreezeId.parse(newId(at));
    const brake = { v: 1, kind: 'thaw', site: loot.charter.site, id, at, freezes: id, reason: '' } as const;
    await loot.relay.takeBrake(await signBrake(brake, [loot.people.key.ann]));
  },
};

export const CRIMES: ReadonlyArray<readonly [string, Crime]> = [
  ...Object.entries(ORDERS),
  ...Object.entries(TRUST),
  ...Object.entries(STANDING),
];
