// Questions to CIM on a machine that a test plays: pages, ends, limits, parts.
import { expect, test } from 'vitest';
import { allInstances, type CimQuery } from '#relay/transport/cim.ts';
import { fail } from '#shared/base/outcome.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { type Answering, WsmanDouble } from '#test/fixtures/wsman-double.ts';
import { WsmanCim } from './enumeration.ts';
import { exchangeOver } from './exchange.ts';
import { NS } from './namespaces.ts';
import { childOf } from './xml-read.ts';

const WMI = 'http://schemas.microsoft.com/wbem/wsman/1/wmi/';
const LIMITS = { timeoutMs: 30_000, maxInstances: 100, maxBytes: 1_000_000 };
const DISKS = {
  from: 'Win32_LogicalDisk',
  select: { DeviceID: 'text', Size: 'big', FreeSpace: 'big', MediaType: 'integer' },
  where: 'DriveType=3',
} as const satisfies CimQuery;

function machine(answering: Answering) {
  const double = new WsmanDouble(answering);
  const clock = new FakeClock();
  const connection = double.connect();
  const exchange = exchangeOver({
    post: (body, options, signal) => connection.post(body, options, signal),
    random: seededBytes(3),
    name: 'w-1',
  });
  return { double, clock, cim: new WsmanCim({ exchange, clock, name: 'w-1' }) };
}

const never = new AbortController().signal;
const fragment = (id: string, size: number | 'nil') =>
  `<w:XmlFragment><DeviceID>${id}</DeviceID><FreeSpace>${size}</FreeSpace><MediaType xsi:nil="true" xmlns:xsi="${NS.instance}"/><Size>${size}</Size></w:XmlFragment>`;
const first = (items: string, end = '', context = 'uuid:1') =>
  `<n:EnumerateResponse><n:EnumerationContext>${context}</n:EnumerationContext><w:Items>${items}</w:Items>${end}</n:EnumerateResponse>`;
const later = (items: string, end = '', context = 'uuid:2') =>
  `<n:PullResponse><n:EnumerationContext>${context}</n:EnumerationContext><n:Items>${items}</n:Items>${end}</n:PullResponse>`;
const contextIn = (body: Parameters<typeof childOf>[0]) => childOf(body, NS.enumeration, 'EnumerationContext')?.text;
const wqlIn = (body: Parameters<typeof childOf>[0]) => childOf(body, NS.wsman, 'Filter')?.text ?? '';

test('the first page holds one, the others come by pulls, each with the newest context', async () => {
  const pages = [later(fragment('D:', 7)), later(fragment('E:', 18_446_744), '<n:EndOfSequence/>')];
  const { cim, double } = machine(({ action }) =>
    action === 'Enumerate' ? first(fragment('C:', 5)) : (pages.shift() ?? { fault: 1 }),
  );
  const all = await allInstances(cim, DISKS, LIMITS, never);
  expect(all).toEqual({
    ok: true,
    value: [
      { DeviceID: 'C:', Size: 5n, FreeSpace: 5n, MediaType: undefined },
      { DeviceID: 'D:', Size: 7n, FreeSpace: 7n, MediaType: undefined },
      { DeviceID: 'E:', Size: 18_446_744n, FreeSpace: 18_446_744n, MediaType: undefined },
    ],
  });
  expect(double.actions).toEqual(['Enumerate', 'Pull', 'Pull']);
  const [enumerate, one, two] = double.requests;
  expect(wqlIn(enumerate?.body)).toBe(
    'SELECT DeviceID,Size,FreeSpace,MediaType FROM Win32_LogicalDisk WHERE DriveType=3',
  );
  expect(enumerate?.resource).toBe(`${WMI}root/cimv2/*`);
  expect([contextIn(one?.body), contextIn(two?.body)]).toEqual(['uuid:1', 'uuid:2']);
});

test('a single instance takes one round trip', async () => {
  const { cim, double } = machine(() => first(fragment('C:', 5), '<w:EndOfSequence/>', ''));
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({ ok: true, value: [{ DeviceID: 'C:' }] });
  expect(double.actions).toEqual(['Enumerate']);
});

test('whole instances with properties in the namespace of their class are read alike', async () => {
  const item =
    '<p:Win32_LogicalDisk xmlns:p="urn:class"><p:deviceid>C:</p:deviceid><p:Size>1</p:Size></p:Win32_LogicalDisk>';
  const { cim } = machine(() => first(item, '<w:EndOfSequence/>'));
  expect(await allInstances(cim, DISKS, LIMITS, never)).toEqual({
    ok: true,
    value: [{ DeviceID: 'C:', Size: 1n, FreeSpace: undefined, MediaType: undefined }],
  });
});

test('no instances is an answer, and another one than a class that is missing or denied', async () => {
  const none = machine(() => first('', '<w:EndOfSequence/>'));
  expect(await allInstances(none.cim, DISKS, LIMITS, never)).toEqual({ ok: true, value: [] });
  const missing = machine(() => ({ fault: 0x80041010 }));
  expect(await allInstances(missing.cim, DISKS, LIMITS, never)).toEqual(
    fail('unsupported', 'w-1: this machine has no such class (Win32_LogicalDisk)'),
  );
  const denied = machine(() => ({ fault: 0x80041003 }));
  expect(await allInstances(denied.cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'denied' });
});

test('leaving early releases the enumeration on the machine', async () => {
  const { cim, double } = machine(({ action }) =>
    action === 'Enumerate' ? first(fragment('C:', 1)) : action === 'Pull' ? later(fragment('D:', 2)) : '',
  );
  let seen = 0;
  for await (const _ of cim.instances(DISKS, LIMITS, never)) {
    seen += 1;
    if (seen === 2) break;
  }
  expect(double.actions).toEqual(['Enumerate', 'Pull', 'Release']);
  expect(contextIn(double.requests[2]?.body)).toBe('uuid:2');
});

test('too many instances and too many bytes end in too-large, and release', async () => {
  const crowd = machine(({ action }) => (action === 'Release' ? '' : first(fragment('C:', 1).repeat(11))));
  expect(await allInstances(crowd.cim, DISKS, { ...LIMITS, maxInstances: 10 }, never)).toMatchObject({
    ok: false,
    reason: 'too-large',
  });
  expect(crowd.double.actions).toEqual(['Enumerate', 'Release']);
  const load = machine(() => first(fragment('C:', 1).repeat(50), '<w:EndOfSequence/>'));
  expect(await allInstances(load.cim, DISKS, { ...LIMITS, maxBytes: 1_000 }, never)).toMatchObject({
    ok: false,
    reason: 'too-large',
  });
});

test('a machine that says "not yet" is asked again; one that never says the end is left', async () => {
  let pulls = 0;
  const slow = machine(({ action }) => {
    if (action === 'Enumerate') return first('');
    pulls += 1;
    return pulls < 3 ? { fault: 2150858793 } : later(fragment('C:', 1), '<n:EndOfSequence/>');
  });
  expect(await allInstances(slow.cim, DISKS, LIMITS, never)).toMatchObject({ ok: true, value: [{ DeviceID: 'C:' }] });
  const endless = machine(({ action }) => (action === 'Enumerate' ? first('') : action === 'Pull' ? later('') : ''));
  expect(await allInstances(endless.cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'malformed' });
  expect(endless.double.requests.length).toBeLessThan(110);
});

test('the time is that of the whole question', async () => {
  const { cim, clock, double } = machine(async ({ action }) => {
    if (action === 'Release') return '';
    await clock.advance(12_000);
    return action === 'Enumerate' ? first(fragment('C:', 1)) : later(fragment('D:', 1));
  });
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(double.requests.map(({ post }) => post.timeoutMs)).toEqual([30_000, 18_000, 6_000, 2_000]);
});

test('a connection that broke is not made anew for a release', async () => {
  const { cim, double } = machine(({ action }) =>
    action === 'Enumerate' ? first(fragment('C:', 1)) : fail('lost', 'w-1: the connection ended'),
  );
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'lost' });
  expect(double.actions).toEqual(['Enumerate', 'Pull']);
  expect(double.requests.map(({ post }) => post.isRepeatable)).toEqual([true, false]);
});

test('an instance larger than an envelope is asked for in parts, joined by the first property, none told twice', async () => {
  const rows = ['C:', 'D:', 'E:'];
  const { cim, double } = machine(({ action, body }) => {
    if (action === 'Pull' || action === 'Release') return { fault: 2150858790, subcode: 'w:EncodingLimit' };
    const wql = wqlIn(body);
    if (wql.includes('DeviceID,Size,FreeSpace,MediaType')) return first(fragment('C:', 5));
    const names = /SELECT (.*) FROM/.exec(wql)?.[1]?.split(',') ?? [];
    const items = rows.map((id, i) => {
      const values: Record<string, string> = { DeviceID: id, Size: `${i}`, FreeSpace: `${i + 10}`, MediaType: '12' };
      return `<w:XmlFragment>${names.map((name) => `<${name}>${values[name]}</${name}>`).join('')}</w:XmlFragment>`;
    });
    return first(items.join(''), '<w:EndOfSequence/>');
  });
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({
    ok: true,
    value: [
      { DeviceID: 'C:', Size: 5n },
      { DeviceID: 'D:', Size: 1n, FreeSpace: 11n, MediaType: 12 },
      { DeviceID: 'E:', Size: 2n, FreeSpace: 12n, MediaType: 12 },
    ],
  });
  const asked = double.requests.map(({ body }) => /SELECT (.*) FROM/.exec(wqlIn(body))?.[1]).filter(Boolean);
  expect(asked).toEqual(['DeviceID,Size,FreeSpace,MediaType', 'DeviceID,Size,FreeSpace', 'DeviceID,MediaType']);
});

test('rows that nothing tells apart are never joined', async () => {
  const { cim } = machine(({ action, body }) => {
    if (action !== 'Enumerate' || wqlIn(body).includes('Size,FreeSpace,MediaType'))
      return { fault: 1, subcode: 'w:EncodingLimit' };
    const row = '<w:XmlFragment><DeviceID>same</DeviceID></w:XmlFragment>';
    return first(row + row, '<w:EndOfSequence/>');
  });
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'too-large' });
});

test('parts that do not show the same rows are not joined', async () => {
  const { cim } = machine(({ action, body }) => {
    const wql = wqlIn(body);
    if (action !== 'Enumerate' || wql.includes('Size,FreeSpace,MediaType'))
      return { fault: 1, subcode: 'w:EncodingLimit' };
    return first(
      `<w:XmlFragment><DeviceID>${wql.includes('Size') ? 'C:' : 'D:'}</DeviceID></w:XmlFragment>`,
      '<w:EndOfSequence/>',
    );
  });
  expect(await allInstances(cim, DISKS, LIMITS, never)).toMatchObject({ ok: false, reason: 'malformed' });
});

test('a namespace is a name, and a condition that XML cannot carry is not sent', async () => {
  const { cim, double } = machine(() => first('', '<w:EndOfSequence/>'));
  await expect(allInstances(cim, { ...DISKS, namespace: 'root/../x' }, LIMITS, never)).rejects.toThrow(
    'not a namespace',
  );
  expect(await allInstances(cim, { ...DISKS, where: "Name='\u0001'" }, LIMITS, never)).toMatchObject({
    reason: 'unsupported',
  });
  expect(double.requests).toHaveLength(0);
});
