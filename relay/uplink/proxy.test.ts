// Which proxy an environment names; the tunnel itself is proved in dial-console.peer.test.ts.
import { expect, test } from 'vitest';
import { proxyFor, proxyName } from './proxy.ts';

const target = new URL('wss://rmm.example.org:8444/');

test.each<[string, Record<string, string>, string | undefined]>([
  ['none', {}, undefined],
  ['empty', { HTTPS_PROXY: '' }, undefined],
  ['plain', { HTTPS_PROXY: 'http://proxy:3128' }, 'proxy:3128'],
  ['lower case', { https_proxy: 'http://proxy' }, 'proxy:80'],
  ['over TLS', { HTTPS_PROXY: 'https://proxy' }, 'proxy:443'],
  ['exempt by name', { HTTPS_PROXY: 'http://p', NO_PROXY: 'localhost, rmm.example.org' }, undefined],
  ['exempt by domain', { HTTPS_PROXY: 'http://p', NO_PROXY: '.example.org' }, undefined],
  ['exempt by wildcard domain', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.example.org' }, undefined],
  ['exempt by star', { HTTPS_PROXY: 'http://p', no_proxy: '*' }, undefined],
  ['exempt by port', { HTTPS_PROXY: 'http://p', NO_PROXY: 'example.org:8444' }, undefined],
  ['another port', { HTTPS_PROXY: 'http://p', NO_PROXY: 'example.org:443' }, 'p:80'],
  ['another name', { HTTPS_PROXY: 'http://p', NO_PROXY: 'ample.org,rmm.example.com' }, 'p:80'],
])('%s', (_name, env, expected) => {
  const proxy = proxyFor(target, env);
  expect(proxy && proxyName(proxy)).toBe(expected);
});

test('an IPv6 console is exempt by its bare address', () => {
  const console6 = new URL('wss://[fd00::1]:8444/');
  expect(proxyFor(console6, { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::1' })).toBeUndefined();
  expect(proxyFor(console6, { HTTPS_PROXY: 'http://p', NO_PROXY: '[fd00::1]:8444' })).toBeUndefined();
  expect(proxyFor(console6, { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::2' })).toBeDefined();
});

test.each(['socks5://user:hunter2@proxy', 'user:hunter2@proxy:80'])('%s is refused without repeating it', (text) => {
  const attempt = () => proxyFor(target, { HTTPS_PROXY: text });
  expect(attempt).toThrow('HTTPS_PROXY');
  expect(attempt).not.toThrow('hunter2');
});
