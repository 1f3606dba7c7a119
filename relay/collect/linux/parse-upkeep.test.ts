// What Linux machines say of their upkeep: certificates as openssl writes them, updates as apt and dnf do, restarts as four systems do.
import { expect, test } from 'vitest';
import { compileChecks } from '#shared/judge/checks/compile-checks.ts';
import { DeviceJudge } from '#shared/judge/checks/device-judge.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { certificatesFact, restartFact, updatesFact } from './parse-upkeep.ts';

const sections = (given: Record<string, string>) =>
  new Map(Object.entries(given).map(([name, text]) => [name, text.split('\n').filter((line) => line !== '')]));
const at = (text: string) => Date.parse(text);

const PRINT = (n: number) => Array(20).fill(`0${n}`).join(':');
const CERTIFICATES = `
file /etc/letsencrypt/live/shop/cert.pem
subject=CN=shop.example
issuer=CN=R10,O=Let's Encrypt,C=US
notAfter=Nov  5 10:00:00 2026 GMT
sha1 Fingerprint=${PRINT(1)}
file /etc/ssl/broken.pem
file /etc/ssl/own.crt
subject= CN=own
issuer= CN=own
notAfter=Jan 15 00:00:00 2031 GMT
SHA1 Fingerprint=${PRINT(2)}
port 443
subject=CN=shop.example
issuer=CN=R10,O=Let's Encrypt,C=US
notAfter=Nov  5 10:00:00 2026 GMT
sha1 Fingerprint=${PRINT(1)}
port 8443
subject=
issuer=
notAfter=Feb 30 25:00:00 2031 UTC
sha1 Fingerprint=${PRINT(3)}
port 993
subject=
notAfter=Dec 31 23:59:59 2026 GMT
sha1 Fingerprint=${PRINT(4)}
`;

test('each certificate is told once, with where it was found first', () => {
  expect(certificatesFact(sections({ certificates: CERTIFICATES }))?.body['certificates']).toEqual([
    {
      ...{ subject: 'CN=own', issuer: 'CN=own', expiresAt: at('2031-01-15T00:00:00Z') },
      ...{ thumbprint: '02'.repeat(20), place: '/etc/ssl/own.crt' },
    },
    {
      ...{ subject: 'CN=shop.example', issuer: "CN=R10,O=Let's Encrypt,C=US", expiresAt: at('2026-11-05T10:00:00Z') },
      ...{ thumbprint: '01'.repeat(20), place: '/etc/letsencrypt/live/shop/cert.pem' },
    },
    {
      ...{ subject: 'port 993', issuer: null, expiresAt: at('2026-12-31T23:59:59Z') },
      ...{ thumbprint: '04'.repeat(20), place: 'port 993' },
    },
  ]);
  expect(certificatesFact(sections({}))).toBeUndefined();
});

test('what apt would install, with what is a matter of security, and when it last looked and installed', () => {
  const apt = `
searched 1795449600
searched 1795440000
installed 1793000000
known
Inst bash [5.2.15-2+b7] (5.2.15-2+b8 Debian:12.4/stable [amd64])
Inst libssl3 [3.0.11] (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64]) []
Inst brand-new (1.0 Debian:12.4/stable [amd64])
`;
  expect(updatesFact(sections({ apt }))?.body).toMatchObject({
    pending: [
      { title: 'bash 5.2.15-2+b8', isSecurity: false },
      { title: 'libssl3 3.0.15-1~deb12u1', isSecurity: true },
    ],
    ...{ isTruncated: false, lastSearchAt: 1_795_449_600_000, lastInstallAt: 1_793_000_000_000 },
  });
});

test('what dnf knows without asking anybody', () => {
  const dnf =
    'searched 1795440000\ninstalled 1793000000\nknown\nbash.x86_64   5.1.8-9.el9   baseos\nopenssl.x86_64  1:3.0.7-28.el9_4  baseos';
  const security = 'RLSA-2026:1 Important/Sec. openssl-1:3.0.7-28.el9_4.x86_64';
  expect(updatesFact(sections({ dnf, 'dnf-security': security }))?.body['pending']).toMatchObject([
    { title: 'bash 5.1.8-9.el9', isSecurity: false },
    { title: 'openssl 1:3.0.7-28.el9_4', isSecurity: true },
  ]);
});

test('a package manager that could not say what waits does not say that nothing does', () => {
  expect(updatesFact(sections({ apt: 'searched 1795440000\ninstalled 1793000000' }))).toBeUndefined();
  expect(updatesFact(sections({ apt: 'known' }))?.body).toMatchObject({ pending: [], lastInstallAt: null });
  expect(updatesFact(sections({}))).toBeUndefined();
});

const BOOT = 'boot 1795000000';
test.each([
  ['asked for by a package', `required 1795100000\n${BOOT}`, ['updates'], 1_795_100_000_000],
  ['nobody asks', `none\n${BOOT}\nkernel 6.1.0-20 1795000100`, [], undefined],
  ['a newer kernel', `${BOOT}\nkernel 6.1.0-20 1700000000\nkernel 6.1.0-27 1795200000`, ['kernel'], 1_795_200_000_000],
  ['libraries in use', `services\n${BOOT}`, ['services'], undefined],
])('a restart: %s', (_what, restart, reasons, since) => {
  const body = restartFact(sections({ restart, kernel: 'Linux\n6.1.0-20\nx86_64' }))?.body;
  expect(body).toEqual({ isPending: reasons.length > 0, reasons, ...(since === undefined ? {} : { since }) });
});

test('a machine that cannot know whether a restart waits does not say so', () => {
  expect(restartFact(sections({ restart: BOOT }))).toBeUndefined();
});

test('hostile words at worst say nothing', () => {
  const words = [
    'known',
    'Inst [',
    'Inst a [b] (',
    'searched x',
    'installed -1',
    'required',
    'kernel',
    'boot 1e9',
    'notAfter=',
  ];
  const text = words.flatMap((one) => words.map((two) => `${one} ${two}`)).join('\n');
  for (const name of ['certificates', 'apt', 'dnf', 'restart'])
    expect(() =>
      [certificatesFact, updatesFact, restartFact].map((read) => read(sections({ [name]: text }))),
    ).not.toThrow();
});

test('the shipped checks fire on them', () => {
  const now = at('2026-11-23T00:00:00Z');
  const judge = new DeviceJudge({ checks: compileChecks(SHIPPED_CHECKS), pollMs: 60_000 });
  const apt = 'installed 1790000000\nknown';
  const facts = [
    certificatesFact(sections({ certificates: CERTIFICATES })),
    updatesFact(sections({ apt })),
    restartFact(sections({ restart: 'required 1794000000' })),
  ];
  const told = facts.flatMap((fact) => (fact === undefined ? [] : judge.fact({ ...fact, at: now })));
  expect(told.map(({ state, check, severity }) => `${state} ${check} ${severity}`)).toEqual([
    'open certificate.end critical',
    'open patch.age high',
    'open restart.pending medium',
  ]);
});
