// Proves the order of configuration and that each mistake is named.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, variableOf } from './load-config.ts';

const Schema = z.strictObject({
  data: z.string().default('./data'),
  listen: z
    .strictObject({ host: z.string().default('127.0.0.1'), httpPort: z.int().min(0).max(65_535).default(8080) })
    .prefault({}),
});

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rmm-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const name = path.join(folder, 'rmm.yaml');
  writeFileSync(name, text);
  return name;
}

test('flags win over the environment, the environment over the file, the file over defaults', async () => {
  const name = await file('data: /from/file\nlisten: { host: 10.0.0.1, httpPort: 1 }\n');
  const { config, explain } = loadConfig(Schema, {
    file: name,
    environment: { RMM_LISTEN_HTTP_PORT: '2', RMM_LISTEN_HOST: '10.0.0.2' },
    flags: { 'listen.httpPort': 3 },
  });
  expect(config).toEqual({ data: '/from/file', listen: { host: '10.0.0.2', httpPort: 3 } });
  expect(explain).toEqual([
    { key: 'data', value: '/from/file', source: 'file' },
    { key: 'listen.host', value: '10.0.0.2', source: 'environment' },
    { key: 'listen.httpPort', value: 3, source: 'flag' },
  ]);
});

test('a value of the wrong kind is named with its key and its source', () => {
  expect(() => loadConfig(Schema, { environment: { RMM_LISTEN_HTTP_PORT: 'eighty' }, flags: {} })).toThrow(
    /"listen.httpPort" \(environment\)/,
  );
});

test('an unknown key in the file is an error that names it', async () => {
  const name = await file('lisen: { httpPort: 1 }\n');
  expect(() => loadConfig(Schema, { file: name, environment: {}, flags: {} })).toThrow(/lisen/);
});

test('a section of comments alone is one that was not given', async () => {
  const name = await file('data: /from/file\nlisten:\n  # httpPort: 1\n');
  expect(loadConfig(Schema, { file: name, environment: {}, flags: {} }).config.listen.httpPort).toBe(8080);
});

test('a file that is no yaml is named', async () => {
  const name = await file('a: [1');
  expect(() => loadConfig(Schema, { file: name, environment: {}, flags: {} })).toThrow(name);
});

test('a list in the environment is one text with commas', () => {
  const Names = z.strictObject({ names: z.array(z.string()).default(['localhost']) });
  const { config } = loadConfig(Names, { environment: { RMM_NAMES: 'console.example.net, 192.0.2.7' }, flags: {} });
  expect(config.names).toEqual(['console.example.net', '192.0.2.7']);
});

test('a key becomes its variable', () => {
  expect(variableOf('listen.httpPort')).toBe('RMM_LISTEN_HTTP_PORT');
  expect(variableOf('spool.quotaMiB')).toBe('RMM_SPOOL_QUOTA_MIB');
});
