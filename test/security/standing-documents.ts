// Standing orders in a thief's hands: forged, edited, widened, aimed elsewhere, expired, and replayed after their withdrawal.
import { systemClock } from '#shared/base/clock.ts';
import { newId, RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import type { SignedStanding, StandingOrder } from '#shared/model/standing-order.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import type { Loot } from './owned-documents.ts';
import { RUN } from './trust-estate.ts';

type Place = Pick<Loot, 'people' | 'charter' | 'targets'> & { relay: Pick<Loot['relay'], 'relay'> };
type Crime = (loot: Loot) => Promise<void>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Due the moment a relay takes it: whatever is wrongly taken runs. */
function standingOrder({ relay, charter, targets }: Place, change: Partial<StandingOrder> = {}): StandingOrder {
  const now = systemClock.now();
  return {
    v: 1,
    kind: 'standing',
    id: StandingId.parse(newId(now)),
    site: charter.site,
    relay: relay.relay,
    name: 'free the cache',
    trigger: { type: 'interval', everyMs: 5 * MINUTE_MS },
    targets,
    action: RUN,
    caps: { timeoutMs: 10_000, outputBytes: 1_024, concurrency: 1 },
    coolDownMs: 60 * MINUTE_MS,
    nbf: now - 30 * MINUTE_MS,
    exp: now + DAY_MS,
    charterVersion: charter.version,
    reason: '',
    ...change,
  };
}

const by =
  (change: (loot: Loot) => Partial<StandingOrder>, who: (loot: Loot) => SigningKey[]): Crime =>
  async (loot) =>
    loot.relay.takeStanding(await signStanding(standingOrder(loot, change(loot)), who(loot)));

const both = ({ people: { key } }: Loot) => [key.ann, key.bob];
const nothing = () => ({});

/** Fits nothing as it was signed; whatever an edit makes it fit would run. */
const RULED: Partial<StandingOrder> = { targets: [], rule: { text: 'hostname:none-*', atMost: 1 } };

const edited =
  (from: RegExp, to: string, change: Partial<StandingOrder> = {}): Crime =>
  async (loot) => {
    const signed = await signStanding(standingOrder(loot, change), both(loot));
    const text = signed.text.replace(from, to);
    if (text === signed.text) throw new Error(`nothing to edit: ${from.source}`);
    await loot.relay.takeStanding({ ...signed, text });
  };

const editedRule = (from: RegExp, to: string): Crime => edited(from, to, RULED);

export const STANDING: Readonly<Record<string, Crime>> = {
  'a standing order by a stranger': by(nothing, ({ people }) => [people.key.stranger]),
  'a standing order by somebody of the former charter': by(nothing, ({ people }) => [
    people.key.former,
    people.key.bob,
  ]),
  'a standing order by one person': by(nothing, ({ people }) => [people.key.ann]),
  'a standing order by one person twice': by(nothing, ({ people }) => [people.key.ann, people.key.annToo]),
  'a standing order by a guardian': by(nothing, ({ people }) => [people.key.guardian, people.key.ann]),
  'a standing order with another command': edited(/uptime/, 'reboot'),
  'a standing order on another device': edited(/"device":"[0-9a-f]{8}/, '"device":"ffffffff'),
  'a standing order that rests less': edited(/"coolDownMs":3600000/, '"coolDownMs":60000'),
  'a standing order that fires more often': edited(/"everyMs":300000/, '"everyMs":300001'),
  'a standing order that stands longer': edited(/"exp":1/, '"exp":2'),
  'a standing order that has expired': by(
    () => ({ nbf: systemClock.now() - DAY_MS, exp: systemClock.now() - MINUTE_MS }),
    both,
  ),
  'a standing order for a year': by(() => ({ exp: systemClock.now() + 365 * DAY_MS }), both),
  'a standing order of tomorrow': by(
    () => ({ nbf: systemClock.now() + DAY_MS, exp: systemClock.now() + 2 * DAY_MS }),
    both,
  ),
  'a standing order for another relay': by(
    ({ others }) => ({ relay: others[0]?.relay ?? RelayId.parse(newId(systemClock.now())) }),
    both,
  ),
  'a standing order for another site': by(() => ({ site: SiteId.parse(newId(systemClock.now())) }), both),
  'a standing order that accepts identities': by(() => ({ action: { name: 'identity.accept', arguments: {} } }), both),
  'a rule with another pattern': editedRule(/hostname:none-\*/, 'hostname:*'),
  'a rule that fits more devices': editedRule(/"atMost":1/, '"atMost":2000'),
  'a rule that was put into an order of devices': edited(
    /"targets":\[/,
    '"rule":{"atMost":9,"text":"os:*"},"targets":[',
  ),
  'devices that were put beside a rule': by(() => ({ rule: { text: 'hostname:*', atMost: 5 } }), both),
  'neither devices nor a rule': by(() => ({ targets: [] }), both),
  'a rule by one person': by(
    () => ({ ...RULED, rule: { text: 'hostname:*', atMost: 5 } }),
    ({ people }) => [people.key.ann],
  ),
  'a rule of tags': by(() => ({ ...RULED, rule: { text: 'tag:web', atMost: 5 } }), both),
  'a rule of groups': by(() => ({ ...RULED, rule: { text: 'hostname:none or group:all', atMost: 5 } }), both),
  'a rule of names that the console gives': by(() => ({ ...RULED, rule: { text: 'name:*', atMost: 5 } }), both),
  'a rule for more devices than its tier allows': by(
    () => ({ ...RULED, rule: { text: 'hostname:*', atMost: 2_000 } }),
    both,
  ),
  'a standing order that was withdrawn': async (loot) => {
    // Its first span begins long after this: only what is taken again after the withdrawal could ever fire.
    const order = standingOrder(loot, { trigger: { type: 'interval', everyMs: 30 * DAY_MS }, nbf: systemClock.now() });
    const { id, site, relay } = order;
    const signed = await signStanding(order, both(loot));
    const withdrawal = { v: 1, kind: 'withdrawal', id, site, relay, at: systemClock.now(), reason: '' } as const;
    await loot.relay.takeStanding(signed);
    await loot.relay.takeStanding(await signStanding(withdrawal, [loot.people.key.bob]));
    await loot.relay.takeStanding(signed);
  },
  'a withdrawal by a stranger': async (loot) => {
    const { id, site, relay } = standingOrder(loot);
    const withdrawal = { v: 1, kind: 'withdrawal', id, site, relay, at: systemClock.now(), reason: '' } as const;
    await loot.relay.takeStanding(await signStanding(withdrawal, [loot.people.key.stranger]));
  },
};

/** The way of a good one, which fires at the next look of its relay. */
export const goodStanding = (place: Place): Promise<SignedStanding> =>
  signStanding(standingOrder(place), [place.people.key.ann, place.people.key.bob]);
