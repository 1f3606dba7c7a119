// What only a host on the other end shows of our client: what is released there, what is left there, and what a person types there.
import { expect, test } from 'vitest';
import { allInstances, type CimQuery, wqlText } from '#relay/transport/cim.ts';
import { winrmRig } from '#test/peers/windows-host/winrm-rig.ts';

const never = new AbortController().signal;
const LIMITS = { timeoutMs: 20_000, maxInstances: 2_000, maxBytes: 4_000_000 };
const SERVICES = {
  from: 'Win32_Service',
  select: { Name: 'text', State: 'text' },
} as const satisfies CimQuery;

test('a text of ours in a condition is a text there, whatever it holds', async () => {
  const { client } = await winrmRig();
  const where = `Name=${wqlText('it\'s <&\r\n\\ "x"')}`;
  expect(await allInstances(client.cim, { ...SERVICES, where }, LIMITS, never)).toEqual({ ok: true, value: [] });
  const found = await allInstances(client.cim, { ...SERVICES, where: `Name=${wqlText('WinRM')}` }, LIMITS, never);
  expect(found).toMatchObject({ ok: true, value: [{ Name: 'WinRM' }] });
});

test('who leaves early leaves no enumeration behind', async () => {
  const { client, windows } = await winrmRig();
  for await (const _ of client.cim.instances(SERVICES, LIMITS, never)) break;
  expect(windows.host.enumerations.ofUser(windows.user)).toBe(0);
  expect(windows.host.counts.requests['Release']).toBe(1);
});

test('a login that may have no shells hears so, and can still ask questions', async () => {
  const { client } = await winrmRig({ scheme: 'https', mode: { deniesShells: true } });
  const outcome = await client.run({ script: 'exit 0', timeoutMs: 20_000, maxOutputBytes: 1_000 }, never);
  expect(outcome).toMatchObject({ ok: false, reason: 'denied' });
  expect(await allInstances(client.cim, SERVICES, LIMITS, never)).toMatchObject({ ok: true });
  expect(await client.identify(never)).toMatchObject({ ok: true, value: { vendor: 'Microsoft Corporation' } });
});

test('a variable reaches the script on the host, and what is printed of it is hidden', async () => {
  const { client, windows } = await winrmRig();
  const variables = new Map([['TOKEN', "S3cret 'ä' value"]]);
  const bounds = { timeoutMs: 20_000, maxOutputBytes: 1_000 };
  const ran = await client.run({ script: '"<$env:TOKEN>"', variables, ...bounds }, never);
  expect(ran.ok && Buffer.from(ran.value.stdout).toString()).toBe('<***>\r\n');
  // What became a script block there names it and does not hold it.
  expect(windows.model.ran.join('\n')).not.toContain('S3cret');
});

test('a terminal: what is typed comes back, and closing ends it', async () => {
  const { client, windows } = await winrmRig();
  const opened = await client.openShell({ program: 'sim-cat' }, never);
  if (!opened.ok) throw new Error(opened.detail);
  await opened.value.write(Buffer.from('grüße\r\n'), never);
  for await (const { stream, bytes } of opened.value.output()) {
    expect([stream, Buffer.from(bytes).toString()]).toEqual(['stdout', 'grüße\r\n']);
    break;
  }
  await opened.value.close();
  expect([windows.host.shells.size, windows.host.shells.running()]).toEqual([0, 0]);
});
