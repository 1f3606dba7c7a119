// Where git may be sent: https, ssh and folders, to the address that was judged, with no word that a shell or git reads as more.
import { expect, test } from 'vitest';
import { gitWay } from './git-address.ts';

const rules = {
  allowHosts: new Set(['git.inner.example:8443']),
  lookup: async (name: string) => [{ address: name.includes('inner') ? '10.0.0.7' : '93.184.216.34', family: 4 }],
};
const ssh = { keyFile: '/data/git/key', knownHostsFile: '/data/git/known_hosts' };

test('https is pinned to the judged address, and follows nothing', async () => {
  const { config, environment } = await gitWay({ url: 'https://git.example.org/ops/scripts.git' }, rules);
  expect(config).toEqual([
    ...['protocol.allow=never', 'protocol.https.allow=always'],
    ...['http.curloptResolve=git.example.org:443:93.184.216.34', 'http.followRedirects=false', 'http.proxy='],
  ]);
  expect(environment).toEqual({});
});

test('ssh connects to the judged address under the name, with one key and known hosts', async () => {
  const { environment } = await gitWay({ url: 'ssh://git@git.example.org/ops.git', ssh }, rules);
  const command = environment.GIT_SSH_COMMAND ?? '';
  for (const word of [
    'HostName=93.184.216.34',
    'HostKeyAlias=git.example.org',
    'StrictHostKeyChecking=yes',
    '-F /dev/null',
  ])
    expect(command).toContain(word);
});

test('what the configuration names may stand inside', async () => {
  const { config } = await gitWay({ url: 'https://git.inner.example:8443/a.git' }, rules);
  expect(config).toContain('http.curloptResolve=git.inner.example:8443:10.0.0.7');
});

test.each([
  ['https://git.inner.example/a.git', 'denied'],
  ['https://127.0.0.1/a.git', 'denied'],
  ['https://169.254.169.254/latest', 'denied'],
  ['https://git.example.org:6379/a.git', 'denied'],
  ['https://user@git.example.org/a.git', 'config-invalid'],
  ['https://user:pass@git.example.org/a.git', 'config-invalid'],
  ['https://git.example.org/a.git?x=1', 'config-invalid'],
  ['http://git.example.org/a.git', 'config-invalid'],
  ['git://git.example.org/a.git', 'config-invalid'],
  ['ext::sh -c touch% /tmp/x', 'config-invalid'],
  ['file:///etc', 'config-invalid'],
  ['--upload-pack=touch /tmp/x', 'config-invalid'],
  ['git@git.example.org:a.git', 'config-invalid'],
  ['relative/path', 'config-invalid'],
  ['/srv/a;b.git', 'config-invalid'],
  ["ssh://git'x@git.example.org/a.git", 'config-invalid'],
  ['ssh://-oProxyCommand=x@git.example.org/a.git', 'config-invalid'],
])('%s is refused', async (url, code) => {
  await expect(gitWay({ url, ssh }, rules)).rejects.toMatchObject({ code });
});

test('ssh without its files, or with files whose names a shell reads, is refused', async () => {
  const url = 'ssh://git@git.example.org/a.git';
  await expect(gitWay({ url }, rules)).rejects.toMatchObject({ code: 'config-invalid' });
  const odd = { ...ssh, keyFile: "/data/a' -o b" };
  await expect(gitWay({ url, ssh: odd }, rules)).rejects.toMatchObject({ code: 'config-invalid' });
});
