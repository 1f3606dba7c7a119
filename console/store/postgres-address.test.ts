// How an address of PostgreSQL is read, and that a password in a wrong one is repeated nowhere.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { readPostgresAddress } from './postgres-address.ts';

test.each<[string, object]>([
  ['postgresql://rmm@db.example/rmm', { host: 'db.example', user: 'rmm', database: 'rmm', ssl: false }],
  [
    'postgres://rmm:p%40ss%2Fw@db:6432/a%20b',
    { host: 'db', port: 6432, user: 'rmm', password: 'p@ss/w', database: 'a b' },
  ],
  ['postgresql://rmm@/postgres?host=%2Ftmp%2Fpg', { host: '/tmp/pg', user: 'rmm', database: 'postgres' }],
  ['postgresql:///rmm?host=/run/postgresql', { host: '/run/postgresql', database: 'rmm' }],
  ['postgresql://[fd00::1]:5433/rmm', { host: 'fd00::1', port: 5433 }],
  ['postgresql://db/rmm?sslmode=disable', { ssl: false }],
])('%s', (text, expected) => {
  expect(readPostgresAddress(text, {})).toMatchObject(expected);
});

test.each(['prefer', 'require', 'verify-ca', 'verify-full'])('sslmode=%s proves who the server is', (mode) => {
  expect(readPostgresAddress(`postgresql://db/rmm?sslmode=${mode}`, {}).ssl).toEqual({ rejectUnauthorized: true });
});

test('an address proves itself by what the certificate says of this address', () => {
  expect(readPostgresAddress('postgresql://10.0.0.7/rmm?sslmode=verify-full', {}).ssl).toMatchObject({
    host: '10.0.0.7',
  });
  expect(readPostgresAddress('postgresql://[fd00::1]/rmm?sslmode=require', {}).ssl).toMatchObject({ host: 'fd00::1' });
});

test('no-verify is the only way not to', () => {
  expect(readPostgresAddress('postgresql://db/rmm?sslmode=no-verify', {}).ssl).toEqual({ rejectUnauthorized: false });
  expect(() => readPostgresAddress('postgresql://db/rmm?sslmode=maybe', {})).toThrow(/maybe is not known/);
});

test('PGSSLMODE counts when the address says nothing', () => {
  expect(readPostgresAddress('postgresql://db/rmm', { PGSSLMODE: 'verify-full' }).ssl).not.toBe(false);
  expect(readPostgresAddress('postgresql://db/rmm?sslmode=disable', { PGSSLMODE: 'require' }).ssl).toBe(false);
});

test('certificates are read from the files that the address names', () => {
  const file = path.join(tempFolder(onTestFinished, 'rmm-pg'), 'ca.pem');
  writeFileSync(file, 'the authority');
  const text = `postgresql://db/rmm?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
  expect(readPostgresAddress(text, {}).ssl).toEqual({ rejectUnauthorized: true, ca: 'the authority' });
});

test.each([
  'mysql://rmm:hunter2@db/rmm',
  'postgresql://rmm:hunter2%@db/rmm',
  'postgresql://rmm:hunter2@[nonsense/rmm',
  'hunter2',
])('%s is refused', (text) => {
  const refusal = () => readPostgresAddress(text, {});
  expect(refusal).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(refusal).not.toThrow(/hunter2/);
});
