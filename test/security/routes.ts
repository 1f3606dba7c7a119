// Every route, its path written in sixty other ways: nobody comes in by one, nothing breaks, and no file leaves but those of the web.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OPERATIONS, type Operation } from '#console/api/operations.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { systemClock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { type Estate, startEstate } from '#test/e2e/composed-site.ts';
import { makeWorld, type World } from '#test/e2e/contract/good-inputs.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { Ending } from './ending.ts';
import { type RawAnswer, sendRaw } from './raw-request.ts';
import { FILE_PATHS, type Mutation, mutationsOf } from './route-mutations.ts';
import type { Attack } from './security.ts';

/** Under --quick every so many-th operation. */
const QUICK_STEP = 20;
const OUTSIDE = 'stands outside the web folder';
const PAGE = '<!doctype html><title>the page</title>';

/** A console finds its web beside its program: here beside what stands for it. Files next to that folder are nobody's. */
function layWeb(folder: string): void {
  const assets = path.join(folder, 'web', 'assets');
  mkdirSync(assets, { recursive: true });
  writeFileSync(path.join(folder, 'web', 'index.html'), PAGE);
  writeFileSync(path.join(assets, 'app.css'), 'b{}');
  for (const name of ['secret.txt', 'secret.css', 'console.db', '.env'])
    writeFileSync(path.join(folder, name), OUTSIDE);
  // A link in the folder is no file of the build.
  symlinkSync(path.join(folder, 'secret.css'), path.join(folder, 'web', 'linked.css'));
  process.argv[1] = path.join(folder, 'rmm.cjs');
}

interface Scene {
  port: number;
  world: World;
  token: string;
  /** Answers that anybody may have. */
  isPublicBody: (body: string) => boolean;
}

interface Tally {
  operations: number;
  requests: number;
  breaches: number;
  broken: number;
  plainRefused: number;
  plainAnswered: number;
  files: number;
  /** What an owner reads, judged as if nobody had: a judge that finds nothing there finds nothing anywhere. */
  control: number;
}

async function sceneOf(estate: Estate): Promise<Scene> {
  const { token } = await loadProfile({ data: estate.data }, {});
  const port = Number(new URL(estate.url).port);
  const document = await (await fetch(`${estate.url}${API_PREFIX}/openapi.json`)).text();
  const publicBodies = new Set([PAGE, 'b{}', document, '']);
  const world = await makeWorld(estate);
  return { port, world, token, isPublicBody: (body) => publicBodies.has(unchunked(body)) };
}

/** What a body says that came in chunks. */
function unchunked(body: string): string {
  if (!/^[0-9a-f]+\r\n/i.test(body)) return body;
  let rest = body;
  let text = '';
  for (;;) {
    const [head = ''] = rest.split('\r\n', 1);
    const size = Number.parseInt(head, 16);
    if (!Number.isInteger(size) || size === 0) return text;
    const bytes = Buffer.from(rest.slice(head.length + 2));
    text += bytes.subarray(0, size).toString();
    rest = bytes.subarray(size + 2).toString();
  }
}

const pathOf = ({ path: template }: Operation, { world }: Scene) =>
  `${API_PREFIX}${template.replaceAll('{id}', world.device).replaceAll(/\{[^}]+\}/g, 'x')}`;

const bodyOf = (method: string) => (['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method) ? '' : '{}');

async function send(
  scene: Scene,
  method: string,
  mutation: Omit<Mutation, 'what'>,
  token?: string,
): Promise<RawAnswer> {
  const asked = mutation.method ?? method;
  const body = bodyOf(asked);
  const headers: Array<readonly [string, string]> = [...(mutation.headers ?? [])];
  if (body !== '') headers.push(['content-type', 'application/json']);
  if (token !== undefined && !headers.some(([name]) => name === 'authorization'))
    headers.push(['authorization', `Bearer ${token}`]);
  return sendRaw({ port: scene.port, method: asked, path: mutation.path, headers, body });
}

/** Why nobody may have this answer; undefined for a refusal, and for what anybody may have. */
function breachOf({ status, body }: RawAnswer, { isPublicBody }: Scene): string | undefined {
  if (body.includes(OUTSIDE)) return 'a file of outside';
  if (status === 0 || status >= 400) return undefined;
  return isPublicBody(body) ? undefined : `${status} ${body.slice(0, 80)}`;
}

async function tryRoute(scene: Scene, operation: Operation, tally: Tally, say: (line: string) => void): Promise<void> {
  const plain = pathOf(operation, scene);
  const { method, name, meta } = operation;
  const asked = await send(scene, method, { path: plain });
  if (asked.status === 401) tally.plainRefused += 1;
  if ((await send(scene, method, { path: plain }, scene.token)).status !== 401) tally.plainAnswered += 1;
  for (const mutation of mutationsOf(method, plain, scene.port)) {
    // Who may do anything shows what breaks; who may nothing shows what opens.
    for (const token of [undefined, scene.token]) {
      tally.requests += 1;
      const answer = await send(scene, method, mutation, token).catch((error: unknown) => describeError(error).message);
      const where = `${name}, ${mutation.what}${token === undefined ? '' : ', as the owner'}`;
      if (typeof answer === 'string' || answer.status === 500 || answer.status > 503) {
        tally.broken += 1;
        say(`${where}: ${typeof answer === 'string' ? answer : `${answer.status} ${answer.body.slice(0, 200)}`}`);
        continue;
      }
      const isOpen = token === undefined && meta.permission !== 'public';
      const breach = isOpen || answer.body.includes(OUTSIDE) ? breachOf(answer, scene) : undefined;
      if (breach === undefined) continue;
      tally.breaches += 1;
      say(`${where}: ${breach}`);
    }
  }
}

async function tryFiles(scene: Scene, tally: Tally, say: (line: string) => void): Promise<void> {
  for (const file of FILE_PATHS) {
    const answer = await send(scene, 'GET', { path: file });
    tally.requests += 1;
    tally.files += 1;
    const breach = breachOf(answer, scene);
    if (breach !== undefined) say(`${file}: ${breach}`);
    if (breach !== undefined) tally.breaches += 1;
    if (answer.status >= 500) tally.broken += 1;
  }
  const served = await send(scene, 'GET', { path: '/assets/app.css' });
  // A web that serves nothing would keep every file to itself.
  if (
    unchunked(served.body) !==
    readFileSync(path.join(path.dirname(process.argv[1] ?? ''), 'web/assets/app.css'), 'utf8')
  )
    tally.broken += 1;
}

export const attackRoutes: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const folder = makeTempFolder('rmm-routes');
  ending.add(() => folder[Symbol.asyncDispose]());
  layWeb(folder.path);
  const scene = await sceneOf(await startEstate([], ending.add));
  const chosen = OPERATIONS.filter((_one, n) => !isQuick || n % QUICK_STEP === 0);
  // What removes the owner's own token comes last.
  const isLast = ({ name }: Operation) => Number(/^(session|tokens|people)\./.test(name));
  const tally: Tally = {
    operations: 0,
    requests: 0,
    breaches: 0,
    broken: 0,
    plainRefused: 0,
    plainAnswered: 0,
    files: 0,
    control: 0,
  };
  const me = await send(scene, 'GET', { path: `${API_PREFIX}/me` }, scene.token);
  tally.control = breachOf(me, scene) === undefined ? 0 : 1;
  await tryFiles(scene, tally, say);
  for (const operation of chosen.toSorted((a, b) => isLast(a) - isLast(b))) {
    tally.operations += 1;
    await tryRoute(scene, operation, tally, say);
  }
  return { name: 'security routes', figures: { ...tally }, durationMs: systemClock.monotonic() - begin };
};
