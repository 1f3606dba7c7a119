// A drafted standing order has the form that relays take, at one relay; drafted anew it is the same but for its time.
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import {
  SAMPLE_RELAY,
  SAMPLE_SITE,
  SAMPLE_TIME,
  sampleCharter,
  sampleDevice,
  sampleStanding,
} from '#test/fixtures/sample-trust.ts';
import { draftStanding, type StandingAsk, standingAnew, standingHindrance } from './standing-draft.ts';
import { readStanding, standingText } from './standing-seal.ts';

const target = (n: number, relayId = SAMPLE_RELAY) => ({
  ...{ id: sampleDevice(n), siteId: SAMPLE_SITE, relayId, identity: { machineId: 'abcdef0123456789', macs: [] } },
});
const ask = (reach: StandingAsk['reach']): StandingAsk => ({
  reach,
  name: 'free the cache',
  trigger: { type: 'daily', minuteUtc: 210 },
  action: { name: 'service.restart', arguments: { service: 'cron' } },
  ...{ timeoutMs: 60_000, outputBytes: 1_024, concurrency: 4, coolDownMs: 3_600_000, standsMs: 86_400_000, reason: '' },
});
const rule = { text: 'hostname:web-*', atMost: 25 };

test('of devices and of a rule it reads as it was drafted', () => {
  for (const reach of [{ targets: [target(1), target(2)] }, { rule, site: SAMPLE_SITE, relay: SAMPLE_RELAY }]) {
    const order = draftStanding(ask(reach), 1, SAMPLE_TIME);
    expect(readStanding({ text: standingText(order) })).toEqual(order);
    expect(standingHindrance(order, sampleCharter([], []), SAMPLE_TIME)).toBeUndefined();
  }
});

test('devices of two relays and no device at all are refused; what the charter forbids is said', () => {
  const other = RelayId.parse('0190a000-0000-7000-8002-000000000009');
  expect(() => draftStanding(ask({ targets: [target(1), target(2, other)] }), 1, SAMPLE_TIME)).toThrow('one relay');
  expect(() => draftStanding(ask({ targets: [] }), 1, SAMPLE_TIME)).toThrow('name the devices');
  const wide = draftStanding(
    ask({ rule: { ...rule, atMost: 26 }, site: SAMPLE_SITE, relay: SAMPLE_RELAY }),
    1,
    SAMPLE_TIME,
  );
  expect(standingHindrance(wide, sampleCharter([], []), SAMPLE_TIME)).toContain('26 devices, the charter allows 25');
});

test('anew it is another order of the same content, for as long again', () => {
  const former = sampleStanding({ reason: 'as before' });
  const { id, nbf, exp, charterVersion, ...rest } = standingAnew(former, 3, SAMPLE_TIME + 5);
  expect({ ...rest }).toEqual((({ id: _, nbf: __, exp: ___, charterVersion: ____, ...same }) => same)(former));
  expect(id).not.toBe(former.id);
  expect({ nbf, span: exp - nbf, charterVersion }).toEqual({
    nbf: SAMPLE_TIME + 5,
    span: former.exp - former.nbf,
    charterVersion: 3,
  });
});
