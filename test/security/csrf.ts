// Every change of the contract, asked for with a person's cookie from everywhere but a page of ours: nothing changes.
import { OPERATIONS, type Operation } from '#console/api/operations.ts';
import { systemClock } from '#shared/base/clock.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { type Estate, startEstate } from '#test/e2e/composed-site.ts';
import { GOOD_INPUTS, type Input, makeWorld, type World } from '#test/e2e/contract/good-inputs.ts';
import { attackInBrowser } from './csrf-browser.ts';
import { type Forgery, forgeries, ownHeaders } from './csrf-forms.ts';
import { Ending } from './ending.ts';
import { type RawRequest, sendRaw } from './raw-request.ts';
import type { Attack } from './security.ts';
import { changedTables, storedState } from './stored-state.ts';

/** Under --quick every so many-th operation. */
const QUICK_STEP = 6;
/** What ends the session that is used: last. */
const ENDS_SESSION = /^(session|profile)\./;

/** The value of the cookie that a person gets for a link. */
export async function signedInCookie({ api, url }: Pick<Estate, 'api' | 'url'>): Promise<string> {
  const secret = (await api.session.createLink()).url.split('#')[1];
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ secret }) });
  const cookie = /^rmm=([^;]+);.*HttpOnly; SameSite=Strict/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
  if (cookie === undefined) throw new Error(`no cookie of a person: ${answer.status}`);
  return cookie;
}

interface Scene {
  estate: Estate;
  world: World;
  cookie: string;
  port: number;
}

const filledPath = (path: string, input: Input): string =>
  `${API_PREFIX}${path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => encodeURIComponent(String(input[name] ?? 'x')))}`;

function bodyOf({ form = 'json' }: Forgery, path: string, input: Input): string {
  const inPath = new Set([...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
  const rest = Object.entries(input).filter(([name]) => !inPath.has(name));
  if (form === 'none') return '';
  if (form === 'form')
    return new URLSearchParams(rest.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return JSON.stringify(Object.fromEntries(rest));
}

function requestOf({ port, cookie }: Scene, { method, path }: Operation, input: Input, forgery: Forgery): RawRequest {
  return {
    port,
    method: forgery.method ?? method,
    path: `${filledPath(path, input)}${forgery.query ?? ''}`,
    headers: [['cookie', `rmm=${cookie}`], ...forgery.headers],
    body: bodyOf(forgery, path, input),
  };
}

/** What went wrong, and how many were sent. */
async function forge(scene: Scene, operation: Operation, input: Input): Promise<{ sent: number; wrong: string[] }> {
  const before = storedState(scene.estate.database);
  const wrong: string[] = [];
  const all = forgeries(scene.port, operation.method);
  // A path may be one to read as well: what is read there changes nothing, and the tables say so.
  const isRead = (method: string) => ['GET', 'HEAD'].includes(method);
  for (const forgery of all) {
    const request = requestOf(scene, operation, input, forgery);
    const { status } = await sendRaw(request);
    if (status < 400 && !isRead(request.method)) wrong.push(`${operation.name}, ${forgery.what}: ${status}`);
  }
  const changed = changedTables(before, storedState(scene.estate.database));
  if (changed.length > 0) wrong.push(`${operation.name} changed ${changed.join(', ')}`);
  return { sent: all.length, wrong };
}

async function ownPageDoes(scene: Scene, operation: Operation, input: Input): Promise<boolean> {
  const headers = [...ownHeaders(scene.port), ['content-type', 'application/json'] as const];
  const { status } = await sendRaw(requestOf(scene, operation, input, { what: 'own', headers }));
  return status >= 200 && status < 300;
}

export const attackCsrf: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const estate = await startEstate([], ending.add);
  const scene = {
    ...{ estate, world: await makeWorld(estate), cookie: await signedInCookie(estate) },
    port: Number(new URL(estate.url).port),
  };
  const changes = OPERATIONS.filter(({ method }) => method !== 'GET');
  const chosen = changes.filter((_one, n) => !isQuick || n % QUICK_STEP === 0);
  const figures = { operations: 0, requests: 0, changes: 0, ownDone: 0, read: 0, ownPage: 0 };
  const last = ({ name }: Operation) => Number(ENDS_SESSION.test(name));
  // The browser first: the last operations end the session.
  const { read, ownPage } = await attackInBrowser(estate.url, scene.cookie, ending.add);
  const forged = (await estate.api.customers.list({})).items.filter(({ name }) => name.includes('forged'));
  for (const line of [...read, ...forged.map(({ name }) => `the browser made ${name}`)]) say(line.slice(0, 200));
  Object.assign(figures, { read: read.length, ownPage, changes: forged.length });
  for (const operation of chosen.toSorted((a, b) => last(a) - last(b))) {
    const input = await inputOf(scene, operation);
    const { sent, wrong } = await forge(scene, operation, input);
    figures.operations += 1;
    figures.requests += sent;
    figures.changes += wrong.length;
    for (const line of wrong) say(line);
    if (!ENDS_SESSION.test(operation.name) && (await ownPageDoes(scene, operation, input))) figures.ownDone += 1;
  }
  return { name: 'security csrf', figures, durationMs: systemClock.monotonic() - begin };
};

/** What an operation of today takes; an empty input where it cannot be made. */
async function inputOf({ world }: Scene, { name }: Operation): Promise<Input> {
  try {
    return (await GOOD_INPUTS[name]?.(world)) ?? {};
  } catch {
    return {};
  }
}
