// What `rmm variable` does against a live console, one verb after the other; and a login that names a hook.
import { expect } from 'vitest';
import type { Ran } from './cli-rig.ts';

type Rmm = (place: string, words?: readonly string[], input?: string) => Promise<Ran>;

const NAME = 'BACKUP_PASS';
const PLACE = ['--site', 'Simulated site'];

async function checkVariables(rmm: Rmm, relayData: string): Promise<void> {
  const seen: string[] = [];
  const run = async (place: string, words: readonly string[] = [], input = '') => {
    const { code, out, err } = await rmm(place, words, input);
    seen.push(out, err);
    return { code, said: `${out}${err}` };
  };
  const state = async () => JSON.parse((await rmm('variable list', ['--json', ...PLACE])).out)[0];
  const key = (await run('relay sealing-key', ['--data', relayData])).said.trim();
  const set = [NAME, ...PLACE, '--relay-key', key];
  const short = await run('variable set', set, 'canary');
  expect({ code: short.code, why: short.said.includes('8 characters') }).toEqual({ code: 2, why: true });
  expect((await run('variable set', set, 'canary-tiger')).code).toBe(0);
  await expect.poll(state).toMatchObject({ name: NAME, version: 1, relays: [{ state: 'open' }] });
  // The key is remembered: the next value needs no fingerprint.
  expect((await run('variable set', [NAME, ...PLACE], 'canary-lion')).said).toContain('version 2');
  expect((await run('variable list')).said).toMatch(/BACKUP_PASS\s+Simulated site\s+2\s+held by/);
  expect((await run('run', [...PLACE, '--var', 'NOTHING', '--', 'true'])).said).toContain('has no variable NOTHING');
  expect((await run('variable delete', [NAME, ...PLACE])).said).toContain(`deleted ${NAME}`);
  await expect.poll(state).toMatchObject({ version: 3, isDeleted: true, relays: [{ state: 'deleted' }] });
  expect(seen.join('')).not.toMatch(/canary/);
}

/** No secret is read, so none can be told: what is sealed is the name of a program at the relay. */
async function checkHookLogin(rmm: Rmm): Promise<void> {
  const relays: Array<{ id: string; siteName: string }> = JSON.parse((await rmm('relay list', ['--json'])).out);
  const place = ['--relay', relays.find(({ siteName }) => siteName === 'Simulated site')?.id ?? ''];
  const seal = ['fetched', ...place, '--hook', 'laps', '--ranges', '10.0.0.0/8'];
  expect((await rmm('credential seal', [...seal, '--user', 'ops'])).err).toContain('leave --user');
  expect(
    (await rmm('credential seal', ['fetched', ...place, '--hook', '../laps', '--ranges', '10.0.0.0/8'])).code,
  ).toBe(2);
  expect((await rmm('credential seal', seal)).out).toContain('sealed fetched, version 1');
  const shown = async () => (await rmm('credential show', ['fetched', ...place])).out;
  await expect.poll(shown).toMatch(/state\s+open/);
  expect(await shown()).toContain("fetched by the relay's hook laps");
}

export async function checkSealed(rmm: Rmm, relayData: string): Promise<void> {
  await checkVariables(rmm, relayData);
  await checkHookLogin(rmm);
}
