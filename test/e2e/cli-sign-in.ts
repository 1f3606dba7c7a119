// The verbs of sign-in at the command line: sessions, tokens, what one signs in with, and the way in from the console's own machine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ran } from './cli-rig.ts';

type Rmm = (place: string, words?: readonly string[], input?: string) => Promise<Ran>;

/** `data`: the folder of the console. */
export function defineSignInCommandTests(rmm: Rmm, data: string): void {
  const text = async (place: string, words: readonly string[] = []): Promise<string> => {
    const { code, out, err } = await rmm(place, words);
    expect({ place, code, err }).toEqual({ place, code: 0, err: '' });
    return out;
  };
  const json = async <T>(place: string, words: readonly string[] = []): Promise<T> =>
    JSON.parse(await text(place, ['--json', ...words]));

  defineProfileTests(rmm, data);
  describe('signing in', () => {
    test('session: listed, ended one by one and all together', async () => {
      const link = await json<{ url: string }>('sign-in');
      const secret = link.url.split('#')[1];
      const signIn = () =>
        fetch(new URL('/api/session', link.url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ secret }),
        });
      expect((await signIn()).status).toBe(200);
      const [open = { id: '' }] = await json<Array<{ id: string }>>('session list');
      expect(open).toMatchObject({ via: 'link', address: expect.stringContaining('127.0.0.1') });
      expect(await text('session revoke', [open.id])).toBe('1 ended\n');
      expect(await text('session revoke', ['--all'])).toBe('0 ended\n');
      expect((await rmm('session revoke')).code).toBe(2);
    });

    test('token: made with limits, listed, kept to them, revoked', async () => {
      const { url } = JSON.parse(readFileSync(path.join(data, 'cli', 'profile.json'), 'utf8'));
      const made = await json<{ token: { id: string }; secret: string }>('token create', [
        'reader',
        '--verb',
        'site.read',
        '--days',
        '1',
        '--address',
        '127.0.0.0/8',
      ]);
      expect(made.token).toMatchObject({ verbs: ['site.read'], isLocal: false });
      const ask = (at: string) => fetch(`${url}/api${at}`, { headers: { authorization: `Bearer ${made.secret}` } });
      expect([(await ask('/sites')).status, (await ask('/devices')).status, (await ask('/profile')).status]).toEqual([
        200, 403, 403,
      ]);
      expect(await json('token list')).toContainEqual(expect.objectContaining({ name: 'reader' }));
      expect(await text('token revoke', [made.token.id])).toBe('revoked\n');
      expect((await ask('/sites')).status).toBe(401);
    });

    test('what one signs in with: shown, a password set from standard input, recovery codes printed once', async () => {
      expect((await rmm('profile password', ['--json'], '123456789012')).code).toBe(2);
      const set = await rmm('profile password', [], 'a quiet river in March\n');
      expect(set).toMatchObject({ code: 0, err: '' });
      const codes = (await text('profile recovery-codes')).trim().split('\n');
      expect(codes).toHaveLength(10);
      expect(await json('profile factors')).toMatchObject({ hasPassword: true, hasTotp: false, recoveryLeft: 10 });
    });

    test('console init beside a running console prints a link that signs in, and makes nobody new', async () => {
      const { url } = JSON.parse(readFileSync(path.join(data, 'cli', 'profile.json'), 'utf8'));
      const { out } = await rmm('console init');
      expect(out.startsWith(url)).toBe(true);
      expect(out).toMatch(/^http\S+\/sign-in#\S+\n$/);
      expect(await json('session list')).toEqual([]);
    });
  });
}

function defineProfileTests(rmm: Rmm, data: string): void {
  test('profiles name several consoles; a token is never printed', async () => {
    const { url, token } = JSON.parse(readFileSync(path.join(data, 'cli', 'profile.json'), 'utf8'));
    const added = await rmm('profile add', ['here', '--url', url, '--token-stdin'], `${token}\n`);
    expect(added).toMatchObject({ code: 0, err: '' });
    const listed = await rmm('profile list', ['--json']);
    expect(JSON.parse(listed.out)).toEqual([{ name: 'here', url, isCurrent: true }]);
    expect((await rmm('profile use', ['here'])).code).toBe(0);
    expect((await rmm('site list', ['--profile', 'here'])).code).toBe(0);
    expect((await rmm('profile remove', ['here'])).code).toBe(0);
    expect(`${added.out}${listed.out}`).not.toContain(token);
  });

  test('a console that is away is exit code 3, a wrong word exit code 2', async () => {
    expect((await rmm('site list', ['--url', 'http://127.0.0.1:9'])).code).toBe(3);
    expect((await rmm('completion', ['powershell'])).code).toBe(2);
    expect((await rmm('completion', ['bash'])).out).toContain('device list');
  });
}
