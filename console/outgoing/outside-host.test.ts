// A mail server inside is reached only where the configuration names it; a name that leads to both sides is caught by the wrong one.
import { expect, test } from 'vitest';
import { judgedHost } from './outside-host.ts';

const ports = new Set([25, 587]);
const leads =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));
const rules = (allow: string[] = [], lookup = leads('93.184.216.34')) => ({
  allowHosts: new Set(allow),
  ports,
  lookup,
});

test('a public server at a port of its service is reached at the address that was judged', async () => {
  expect(await judgedHost('mail.example.org', 587, rules())).toBe('93.184.216.34');
});

test.each([
  ['a port of another service', 'mail.example.org', 6_379, rules(), /port 6379/],
  ['a private address', '10.0.0.25', 25, rules(), /private/],
  ['loopback', '127.0.0.1', 25, rules(), /loopback/],
  ['a name that leads inside', 'mail.example.org', 25, rules([], leads('93.184.216.34', '10.0.0.25')), /private/],
  ['a cloud itself, although it is named', '169.254.169.254', 80, rules(['169.254.169.254:80']), /link-local/],
  ['no name', 'mail.example.org\r\nX', 25, rules(), /no name/],
  ['a name that leads nowhere', 'mail.example.org', 25, rules([], leads()), /no address/],
])('%s is refused', async (_name, host, port, given, why) => {
  await expect(judgedHost(host, port, given)).rejects.toThrow(why);
});

test('what the configuration names may stand inside and use any port', async () => {
  const given = rules(['mail.inner:2525'], leads('10.0.0.25'));
  expect(await judgedHost('MAIL.inner', 2_525, given)).toBe('10.0.0.25');
  await expect(judgedHost('mail.inner', 25, given)).rejects.toThrow(/private/);
});
