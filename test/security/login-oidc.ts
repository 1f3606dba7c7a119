// Sign-in by an identity provider, driven as a browser drives it, and wrongly: replayed, in another browser, without a role, with a role that is gone.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Estate } from '#test/e2e/composed-site.ts';
import { startEstate } from '#test/e2e/composed-site.ts';
import { type IdentityProvider, startProvider } from '#test/fixtures/identity-provider.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Ending } from './ending.ts';

/** The cookies of one browser, by host and name. */
export class Jar {
  readonly #kept = new Map<string, string>();

  async ask(url: string): Promise<Response> {
    const { host } = new URL(url);
    const own = [...this.#kept].filter(([key]) => key.startsWith(`${host} `));
    const cookie = own.map(([key, value]) => `${key.slice(host.length + 1)}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const key = `${host} ${pair.slice(0, at)}`;
      if (pair.length === at + 1 || /max-age=0/i.test(line)) this.#kept.delete(key);
      else this.#kept.set(key, pair.slice(at + 1));
    }
    return answer;
  }
}

export interface OidcHouse {
  estate: Estate;
  provider: IdentityProvider;
}

export async function openOidcHouse(ending: Ending): Promise<OidcHouse> {
  let console = '';
  const provider = await startProvider(ending.add, () => [`${console}/sso/callback`]);
  const folder = makeTempFolder('rmm-oidc');
  ending.add(() => folder[Symbol.asyncDispose]());
  const clientSecretFile = path.join(folder.path, 'client-secret');
  writeFileSync(clientSecretFile, provider.clientSecret, { mode: 0o600 });
  const role = (value: string, name: 'admin' | 'viewer') =>
    ({ claim: 'groups', value, role: name, over: { kind: 'everything' } }) as const;
  const estate = await startEstate([], ending.add, undefined, {
    outgoing: { allow: [provider.issuer], allowHosts: [] },
    signIn: {
      origins: [],
      oidc: {
        ...{ issuer: provider.issuer, clientId: provider.clientId, clientSecretFile, label: 'Example ID' },
        ...{ scopes: ['openid', 'profile'], nameClaim: 'preferred_username', acr: [], amr: ['pwd'] },
        roles: [role('rmm-admins', 'admin'), role('rmm-viewers', 'viewer')],
      },
    },
  });
  console = estate.url;
  return { estate, provider };
}

/** Follows redirects until the console answers the callback; `stop` gives its address without asking it. */
export async function walk(jar: Jar, url: string): Promise<string> {
  let at = `${url}/sso/start`;
  for (let hops = 0; hops < 12; hops += 1) {
    const answer = await jar.ask(at);
    const next = answer.headers.get('location');
    if (next === null)
      throw new Error(`${at.slice(0, 80)} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    at = new URL(next, at).href;
    if (at.startsWith(`${url}/sso/callback`)) return at;
  }
  throw new Error('the provider sends around in circles');
}

/** Where the page of the callback leads: "/" for somebody who is in. */
const leadsTo = async (answer: Response): Promise<string> => /url=([^"]+)"/.exec(await answer.text())?.[1] ?? '';

interface Told {
  name: string;
  roles: string[];
}

async function me(jar: Jar, url: string): Promise<Told | undefined> {
  const answer = await jar.ask(`${url}/api/me`);
  // The API's own answer; what is missing in it shows in the figures.
  return answer.status === 200 ? ((await answer.json()) as Told) : undefined;
}

/** What went otherwise than it should; the good cases are among them, so that a door that opens for nobody fails. */
export async function attackOidc({ estate, provider }: OidcHouse): Promise<{ cases: number; wrong: string[] }> {
  const { url } = estate;
  const wrong: string[] = [];
  let cases = 0;
  const expect = (what: string, got: unknown, wanted: unknown) => {
    cases += 1;
    if (JSON.stringify(got) !== JSON.stringify(wanted)) wrong.push(`${what}: ${JSON.stringify(got)}`);
  };
  const comes = (subject: string, groups: unknown, amr = ['pwd']) => {
    provider.next = { subject, claims: { preferred_username: subject, groups }, amr };
  };
  const enter = async () => {
    const jar = new Jar();
    const callback = await walk(jar, url);
    const led = await leadsTo(await jar.ask(callback));
    return { jar, callback, led, me: await me(jar, url) };
  };

  comes('alice', ['rmm-admins', 'other']);
  const first = await enter();
  expect('a role opens the door', [first.led, first.me?.name, first.me?.roles], ['/', 'alice', ['admin']]);
  expect('a callback is good once', await leadsTo(await first.jar.ask(first.callback)), '/sign-in?sso=denied');
  comes('alice', ['rmm-viewers']);
  const second = await enter();
  expect('roles follow the claims', [second.led, second.me?.roles], ['/', ['viewer']]);
  expect('also in a session that stands', (await me(first.jar, url))?.roles, ['viewer']);
  comes('alice', ['rmm-viewers']);
  const begun = await walk(new Jar(), url);
  expect('another browser finishes nothing', await leadsTo(await new Jar().ask(begun)), '/sign-in?sso=denied');
  for (const groups of [[], undefined, 'nothing', { 'rmm-admins': true }, 'rmm-admins,rmm-viewers', [['rmm-admins']]]) {
    comes('mallory', groups);
    const out = await enter();
    expect(`no role by ${JSON.stringify(groups)}`, [out.led, out.me], ['/sign-in?sso=denied', undefined]);
  }
  comes('owner', ['rmm-viewers']);
  const namesake = await enter();
  expect('a namesake is somebody else', [namesake.me?.name, namesake.me?.roles], ['owner (2)', ['viewer']]);
  comes('alice', ['rmm-admins'], ['sms']);
  expect('a weak method is refused', (await enter()).led, '/sign-in?sso=denied');
  comes('alice', []);
  const last = await enter();
  expect('who lost every role stays out', [last.led, last.me], ['/sign-in?sso=denied', undefined]);
  const forged = new Jar();
  expect(
    'a made-up callback',
    await leadsTo(await forged.ask(`${url}/sso/callback?code=x&state=y`)),
    '/sign-in?sso=denied',
  );
  return { cases, wrong };
}
