// Proves that the example files name every key with its true default, and that a console starts from the one it has.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { composeConsole } from '#console/compose/compose-console.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { loadConfig, variableOf } from '#shared/runtime/load-config.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';

const EXAMPLES: ReadonlyArray<readonly [name: string, schema: z.ZodObject]> = [
  ['console', ConsoleConfig],
  ['relay', RelayConfig],
];

const fileOf = (name: string) => path.join(PROJECT, 'docs/examples', `${name}.yaml`);

/** The file with its examples in comments made keys: "  # keyFile: x" becomes "  keyFile: x". */
const spelledOut = (text: string) => text.replaceAll(/^( *)# (\w+:(?: \S.*)?)$/gm, '$1$2');

test.each(EXAMPLES)('the example of the %s has every default', (name, schema) => {
  const { config } = loadConfig(schema, { file: fileOf(name), environment: {}, flags: {} });
  expect(config).toEqual(schema.parse({}));
});

test.each(EXAMPLES)('the example of the %s names every key, and its variable', async (name, schema) => {
  await using folder = makeTempFolder('rmm-example');
  const text = readFileSync(fileOf(name), 'utf8');
  const whole = path.join(folder.path, 'whole.yaml');
  writeFileSync(whole, spelledOut(text));
  const { explain } = loadConfig(schema, { file: whole, environment: {}, flags: {} });
  expect(explain.filter(({ source }) => source !== 'file')).toEqual([]);
  for (const { key } of explain) expect(text).toContain(variableOf(key));
});

test('the example of an import has no fault in an empty console', async () => {
  await using folder = makeTempFolder('rmm-example');
  const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  onTestFinished(() => stack.stop(3_000));
  const deps = { clock: systemClock, log: silentLogger, stack };
  await composeConsole(ConsoleConfig.parse({ data: folder.path, listen }), deps);
  const api = apiClient(await loadProfile({ data: folder.path }, {}));
  const content = readFileSync(path.join(PROJECT, 'docs/examples/devices.csv')).toString('base64');
  const plan = await api.imports.plan({ format: 'csv', content });
  expect(plan).toMatchObject({ state: 'planned', faults: [], creates: 5 });
  await api.imports.apply({ id: plan.id });
  await expect.poll(async () => (await api.imports.show({ id: plan.id })).state).toBe('done');
  const again = await api.imports.plan({ format: 'csv', content });
  expect(again.same).toBe(5);
});

test('a console starts from its example', async () => {
  await using folder = makeTempFolder('rmm-example');
  const free = { 'listen.httpPort': 0, 'listen.httpsPort': 0, 'listen.relayPort': 0, data: folder.path };
  const { config } = loadConfig(ConsoleConfig, { file: fileOf('console'), environment: {}, flags: free });
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  onTestFinished(() => stack.stop(3_000));
  const { url } = await composeConsole(config, { clock: systemClock, log: silentLogger, stack });
  const answer = await fetch(`${url}${API_PREFIX}/openapi.json`);
  expect(answer.status).toBe(200);
});
