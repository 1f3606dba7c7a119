// Every combination of what a credential is bound to and what asks for it: what is allowed, and what never is.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { CredentialBinding } from './credential.ts';
import { type HostKeyPin, mayOffer, type OfferAsk, type OfferVerdict } from './may-offer.ts';

const DEVICE = DeviceId.parse('00000000-0000-7000-8000-000000000001');
const OTHER = DeviceId.parse('00000000-0000-7000-8000-000000000002');
const KEY = `SHA256:${'a'.repeat(43)}`;
const ELSE = `SHA256:${'b'.repeat(43)}`;
const NOW = 1_000;
const INSIDE = '10.0.0.5';

const ask = (more: Partial<OfferAsk> = {}): OfferAsk => ({
  purpose: 'monitor',
  device: DEVICE,
  transport: 'ssh',
  address: INSIDE,
  secret: 'password',
  pin: { by: 'nobody' },
  site: { networks: [], isFirstUseAllowed: true },
  now: NOW,
  ...more,
});
const bound = (more: Partial<CredentialBinding> = {}): CredentialBinding => ({
  purpose: 'both',
  weakest: 'password',
  ...more,
});
const said = (verdict: OfferVerdict) => (verdict.may ? (verdict.hostKey ?? 'any key') : verdict.why);

const FIRST: HostKeyPin = { by: 'first-use', key: KEY };
const SIGNED: HostKeyPin = { by: 'signer', key: KEY };
const STRICT = { networks: [], isFirstUseAllowed: false };
const NAMED = { networks: ['10.0.0.0/8'], isFirstUseAllowed: true };
const MONITOR = bound({ purpose: 'monitor', ntlmOverHttp: true });
const LAN = { ranges: ['10.0.0.0/8', 'fd00::/8'] };
const OVER_SMB = bound({ ...LAN, transports: ['smb'] });
const SMB: Partial<OfferAsk> = { transport: 'smb', proof: 'smb' };

test.each<[string, CredentialBinding | undefined, Partial<OfferAsk>, string]>([
  // A file without a binding: keys as ever; a password only where somebody who may say so said so.
  ['unbound key, new', undefined, { secret: 'key' }, 'any key'],
  ['unbound key, pinned', undefined, { secret: 'key', pin: FIRST }, KEY],
  ['unbound password, new', undefined, {}, 'no-range'],
  ['unbound password, pinned at first use', undefined, { pin: FIRST }, 'no-range'],
  ['unbound password, pinned by a signer', undefined, { pin: SIGNED }, KEY],
  ['unbound password in a network of the charter', undefined, { site: NAMED }, 'any key'],
  ['unbound password beside the networks', undefined, { site: NAMED, address: '11.0.0.5' }, 'no-range'],
  ['unbound key, strict site, new', undefined, { secret: 'key', site: STRICT }, 'unsigned-host-key'],
  ['unbound key, strict site, pinned', undefined, { secret: 'key', site: STRICT, pin: FIRST }, KEY],
  // Machines that show no key.
  ['Kerberos, new', bound(), { proof: 'kerberos', site: STRICT }, 'any key'],
  ['Kerberos inside', bound(LAN), { proof: 'kerberos' }, 'any key'],
  ['Kerberos outside', bound(LAN), { proof: 'kerberos', address: '192.0.2.1' }, 'outside-ranges'],
  ['Kerberos without a binding', undefined, { proof: 'kerberos' }, 'any key'],
  ['Kerberos for another name', bound(), { proof: 'kerberos', isForOther: true }, 'no-range'],
  ['Kerberos for another name, inside', bound(LAN), { proof: 'kerberos', isForOther: true }, 'any key'],
  [
    'Kerberos for another name in a network of the charter',
    undefined,
    { proof: 'kerberos', isForOther: true, site: NAMED },
    'any key',
  ],
  ['Kerberos, a key is pinned', bound(LAN), { proof: 'kerberos', pin: FIRST }, 'no-host-key'],
  ['Kerberos, monitoring login for an order', MONITOR, { proof: 'kerberos', purpose: 'act' }, 'purpose'],
  ['NTLM over HTTP, not allowed', bound(LAN), { proof: 'none' }, 'ntlm-over-http'],
  ['NTLM over HTTP, no binding', undefined, { proof: 'none', site: NAMED }, 'ntlm-over-http'],
  ['NTLM over HTTP, allowed', { ...MONITOR, ...LAN }, { proof: 'none', site: STRICT }, 'any key'],
  ['NTLM over HTTP, outside', { ...MONITOR, ...LAN }, { proof: 'none', address: '192.0.2.1' }, 'outside-ranges'],
  ['NTLM over HTTP, no ranges', MONITOR, { proof: 'none' }, 'no-range'],
  ['NTLM over HTTP, in a network', MONITOR, { proof: 'none', site: NAMED }, 'any key'],
  ['NTLM over HTTP, a key is pinned', { ...MONITOR, ...LAN }, { proof: 'none', pin: SIGNED }, 'no-host-key'],
  [
    'NTLM over HTTP, for an order',
    { ...bound(LAN), ntlmOverHttp: true },
    { proof: 'none', purpose: 'act' },
    'ntlm-over-http',
  ],
  ['SMB, inside', OVER_SMB, { ...SMB, site: STRICT }, 'any key'],
  ['SMB, inside, for an order', OVER_SMB, { ...SMB, purpose: 'act' }, 'any key'],
  ['SMB, outside', OVER_SMB, { ...SMB, address: '192.0.2.1' }, 'outside-ranges'],
  ['SMB, outside, pinned by a signer', OVER_SMB, { ...SMB, address: '192.0.2.1', pin: SIGNED }, 'outside-ranges'],
  ['SMB, inside, pinned', OVER_SMB, { ...SMB, pin: FIRST }, 'any key'],
  ['SMB, nobody said that it may', bound(LAN), SMB, 'transport'],
  ['SMB without a binding', undefined, { ...SMB, site: NAMED }, 'transport'],
  ['SMB, no ranges', bound({ transports: ['smb'] }), SMB, 'no-range'],
  ['SMB, in a network', bound({ transports: ['smb'] }), { ...SMB, site: NAMED }, 'any key'],
  // Ranges.
  ['password inside', bound(LAN), {}, 'any key'],
  ['password inside, IPv6', bound(LAN), { address: 'fd00::5' }, 'any key'],
  ['password inside, mapped', bound(LAN), { address: '::ffff:10.0.0.5' }, 'any key'],
  ['password outside', bound(LAN), { address: '192.0.2.1' }, 'outside-ranges'],
  ['key outside', bound(LAN), { address: '192.0.2.1', secret: 'key' }, 'outside-ranges'],
  ['pinned at first use, outside', bound(LAN), { address: '192.0.2.1', pin: FIRST }, 'outside-ranges'],
  ['pinned by a signer, outside', bound(LAN), { address: '192.0.2.1', pin: SIGNED }, KEY],
  ['no address yet', bound(LAN), { address: undefined }, 'outside-ranges'],
  ['a name is no address', bound({ ranges: ['0.0.0.0/0'] }), { address: 'web-1' }, 'outside-ranges'],
  [
    'networks do not widen ranges',
    bound(LAN),
    { address: '11.0.0.1', site: { ...NAMED, networks: ['11.0.0.0/8'] } },
    'outside-ranges',
  ],
  // A strict site.
  ['strict, password inside, new', bound(LAN), { site: STRICT }, 'unsigned-host-key'],
  ['strict, password inside, pinned at first use', bound(LAN), { site: STRICT, pin: FIRST }, 'unsigned-host-key'],
  ['strict, key inside, pinned at first use', bound(LAN), { site: STRICT, pin: FIRST, secret: 'key' }, KEY],
  ['strict, password inside, pinned by a signer', bound(LAN), { site: STRICT, pin: SIGNED }, KEY],
  // Devices.
  ['listed', bound({ ...LAN, devices: [{ device: DEVICE }] }), {}, 'any key'],
  ['not listed', bound({ ...LAN, devices: [{ device: OTHER }] }), {}, 'device'],
  ['not listed, pinned by a signer', bound({ devices: [{ device: OTHER }] }), { pin: SIGNED }, 'device'],
  ['vouched for', bound({ devices: [{ device: DEVICE, hostKey: KEY }] }), { site: STRICT, address: '192.0.2.1' }, KEY],
  ['vouched for, pinned so', bound({ devices: [{ device: DEVICE, hostKey: KEY }] }), { pin: FIRST }, KEY],
  ['vouched for, pinned else', bound({ devices: [{ device: DEVICE, hostKey: ELSE }] }), { pin: FIRST }, 'host-key'],
  ['vouched for, signed else', bound({ devices: [{ device: DEVICE, hostKey: ELSE }] }), { pin: SIGNED }, 'host-key'],
  ['listed without a place, password', bound({ devices: [{ device: DEVICE }] }), { pin: FIRST }, 'no-range'],
  // The rest.
  ['monitor asked to act', bound({ ...LAN, purpose: 'monitor' }), { purpose: 'act', pin: SIGNED }, 'purpose'],
  ['act asked to monitor', bound({ ...LAN, purpose: 'act' }), { pin: SIGNED }, 'purpose'],
  ['monitor', bound({ ...LAN, purpose: 'monitor' }), {}, 'any key'],
  ['act', bound({ ...LAN, purpose: 'act' }), { purpose: 'act' }, 'any key'],
  ['another transport', bound({ ...LAN, transports: ['local'] }), { pin: SIGNED }, 'transport'],
  ['expired to the millisecond', bound({ ...LAN, notAfter: NOW }), { pin: SIGNED }, 'expired'],
  ['not yet expired', bound({ ...LAN, notAfter: NOW + 1 }), {}, 'any key'],
  ['password where only keys may', bound({ ...LAN, weakest: 'key' }), { pin: SIGNED }, 'weakest'],
  ['key where only keys may', bound({ ...LAN, weakest: 'key' }), { secret: 'key' }, 'any key'],
])('%s', (_name, binding, more, expected) => {
  expect(said(mayOffer(binding, ask(more)))).toBe(expected);
});

function* bindings(): Generator<CredentialBinding | undefined> {
  yield undefined;
  for (const purpose of ['monitor', 'act', 'both'] as const)
    for (const weakest of ['password', 'key'] as const)
      for (const ranges of [undefined, ['10.0.0.0/8']])
        for (const transports of [undefined, ['ssh' as const], ['local' as const]])
          for (const notAfter of [undefined, NOW, NOW + 1])
            for (const devices of [
              undefined,
              [{ device: OTHER }],
              [{ device: DEVICE }],
              [{ device: DEVICE, hostKey: KEY }],
            ])
              yield {
                purpose,
                weakest,
                ...(ranges === undefined ? {} : { ranges }),
                ...(transports === undefined ? {} : { transports }),
                ...(notAfter === undefined ? {} : { notAfter }),
                ...(devices === undefined ? {} : { devices }),
              };
}

function* asks(): Generator<OfferAsk> {
  for (const purpose of ['monitor', 'act'] as const)
    for (const secret of ['password', 'key'] as const)
      for (const pin of [{ by: 'nobody' } as const, FIRST, SIGNED, { by: 'first-use', key: ELSE } as const])
        for (const address of [undefined, INSIDE, '192.0.2.1'])
          for (const isFirstUseAllowed of [true, false])
            for (const networks of [[], ['10.0.0.0/8']])
              yield ask({ purpose, secret, pin, address, site: { isFirstUseAllowed, networks } });
}

/** The laws an allowed offer breaks; none, whatever is combined. */
function brokenLaws(binding: CredentialBinding | undefined, one: OfferAsk, hostKey: string | undefined): string[] {
  const listed = binding?.devices?.find(({ device }) => device === DEVICE);
  const isKnown = one.pin.by === 'signer' || listed?.hostKey !== undefined;
  const holds = binding?.ranges ?? (one.secret === 'password' ? one.site.networks : undefined);
  const laws: Record<string, boolean> = {
    purpose: binding === undefined || binding.purpose === 'both' || binding.purpose === one.purpose,
    weakest: binding?.weakest !== 'key' || one.secret === 'key',
    transport: binding?.transports?.includes('ssh') ?? true,
    expiry: (binding?.notAfter ?? Number.POSITIVE_INFINITY) > NOW,
    device: binding?.devices === undefined || listed !== undefined,
    pin: one.pin.by === 'nobody' || hostKey === one.pin.key,
    // The rest speaks of machines nobody vouched for.
    place: isKnown || holds === undefined || (holds.length > 0 && one.address === INSIDE),
    sight: isKnown || one.site.isFirstUseAllowed || (one.secret === 'key' && one.pin.by !== 'nobody'),
  };
  return Object.entries(laws).flatMap(([law, isKept]) => (isKept ? [] : [law]));
}

test('whatever is combined, nothing leaves that must not, and what leaves is for the key that is pinned', () => {
  let allowed = 0;
  let all = 0;
  for (const binding of bindings())
    for (const one of asks()) {
      all += 1;
      const verdict = mayOffer(binding, one);
      if (!verdict.may) continue;
      allowed += 1;
      const broken = brokenLaws(binding, one, verdict.hostKey);
      if (broken.length > 0) expect.fail(`${broken.join(', ')}: ${JSON.stringify({ binding, one })}`);
    }
  // Both sides are many: a rule that allowed or refused everything would not end here.
  expect([all > 40_000, allowed > 2_000, allowed < all / 4]).toEqual([true, true, true]);
});
