// Every route, asked by every role of every site, for its own site and for another's, without a sign-in and with one that is over.

import { ROLES } from '#console/access/roles.ts';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import { coversAny } from '#console/access/verbs.ts';
import { OPERATIONS, type Operation } from '#console/api/operations.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { RoleName } from '#shared/model/grant.ts';
import { ROLE_NAMES } from '#shared/model/grant.ts';
import type { Input } from '#test/e2e/contract/good-inputs.ts';
import { type Answer, RawCaller } from '#test/e2e/contract/raw-caller.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type AuthzEstate, type Somebody, secretsOf, startAuthzEstate, stateOf } from './authz-estate.ts';
import { AUTHZ_ROWS, inputOf, PLAIN_ROUTES, type Place } from './authz-rows.ts';
import { Ending } from './ending.ts';
import type { Attack } from './security.ts';

/** The quick form has two sites and asks of one as people of the other: who may most, who may least, and one between. */
const QUICK_ROLES: readonly RoleName[] = ['owner', 'viewer', 'customer'];
/** Ways to be nobody. */
const NOBODIES = ['', 'x'.repeat(43)] as const;

const QUICK = { marks: ['7100', '7200'], roles: QUICK_ROLES };
const WHOLE = { marks: ['7100', '7200', '7300'], roles: ROLE_NAMES };

export const attackAuthz: Attack = async ({ isQuick, say }) => {
  const began = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-authz');
  await using ending = new Ending();
  const estate = await startAuthzEstate(folder.path, ending, isQuick ? QUICK : WHOLE);
  const matrix = new Matrix(estate);
  const rowless = OPERATIONS.filter(({ name }) => AUTHZ_ROWS[name] === undefined);
  for (const { name } of rowless) matrix.fail(`${name}: no row`);
  const targets = isQuick ? estate.places.slice(0, 1) : estate.places;
  await matrix.askPlain();
  for (const target of targets) {
    say(`site ${target.mark}: ${matrix.asked} asked`);
    await matrix.askNobody(target);
    await matrix.askForeign(target);
    if (!isQuick) await matrix.askOwn(target);
  }
  const { faults, asked, routes } = matrix;
  for (const fault of faults.slice(0, 40)) say(fault);
  const planted = await plantedLeaks(estate);
  const covered = routes.size / (OPERATIONS.length + Object.keys(PLAIN_ROUTES).length);
  const figures = { asked, leaks: faults.length, coveredRatio: covered, planted };
  return { name: 'security authz', figures, durationMs: systemClock.monotonic() - began };
};

/** The same questions to a console whose scopes were forgotten: the harness must see it leak. */
async function plantedLeaks(estate: AuthzEstate): Promise<number> {
  const { fleet } = estate.parts.services;
  const { readScope } = fleet;
  fleet.readScope = () => EVERYTHING_SCOPE;
  const matrix = new Matrix(estate);
  const [target] = estate.places;
  if (target !== undefined)
    await matrix.askForeign(target, ['devices.list', 'devices.show', 'sites.list', 'relays.list']);
  fleet.readScope = readScope;
  return matrix.faults.length;
}

/** What a request says, and what stands in the documents it carries: an answer may say that again. */
function sentWords(input: Input): string {
  const text = JSON.stringify(input);
  const inside = (text.match(/[\w-]{40,}/g) ?? []).map((word) => Buffer.from(word, 'base64url').toString('latin1'));
  return [text, ...inside].join('\n');
}

class Matrix {
  readonly faults: string[] = [];
  /** Routes that were asked at all. */
  readonly routes = new Set<string>();
  asked = 0;
  readonly #estate: AuthzEstate;

  constructor(estate: AuthzEstate) {
    this.#estate = estate;
  }

  fail(what: string): void {
    this.faults.push(what);
  }

  /** Outside the contract: everybody gets the same, and nothing of the estate. */
  async askPlain(): Promise<void> {
    const secrets = this.#secretsOf(this.#estate.places);
    for (const [path, { method }] of Object.entries(PLAIN_ROUTES)) {
      const response = await fetch(`${this.#estate.url}${path}`, { method });
      const text = await response.text();
      this.#noted(path);
      if (response.status >= 500) this.fail(`${path}: ${response.status}`);
      for (const secret of secrets) if (text.includes(secret)) this.fail(`${path}: tells ${secret}`);
    }
  }

  /** Without a sign-in, with one that never was, and with one that is over. */
  async askNobody(target: Place): Promise<void> {
    const over = await this.#overSession();
    for (const operation of OPERATIONS) {
      const row = AUTHZ_ROWS[operation.name];
      if (row === undefined || row.reach === 'public') continue;
      const input = await inputOf(operation.name, target).catch(() => ({}));
      for (const token of NOBODIES)
        await this.#mustSay(operation, new RawCaller(this.#estate.url, token), { input, status: 401 });
      const cookie = { authorization: '', cookie: `rmm=${over}` };
      await this.#mustSay(operation, new RawCaller(this.#estate.url, ''), { input, status: 401, headers: cookie });
    }
  }

  /** By everybody of other sites: what is there is as if it were not, and nothing of it changes. */
  async askForeign(target: Place, only?: readonly string[]): Promise<void> {
    const inputs = new Map<string, Input>();
    for (const { name } of OPERATIONS)
      if (AUTHZ_ROWS[name] !== undefined && (only?.includes(name) ?? true))
        inputs.set(name, await inputOf(name, target));
    const before = stateOf(this.#estate, target);
    const strangers = this.#estate.people.filter(({ place }) => place !== target);
    const secrets = this.#secretsOf([target]);
    for (const somebody of strangers)
      for (const operation of OPERATIONS) {
        const input = inputs.get(operation.name);
        if (input !== undefined) await this.#askAsStranger(operation, somebody, { input, secrets, target });
      }
    if (stateOf(this.#estate, target) !== before) this.fail(`site ${target.mark} was changed by people of others`);
  }

  async #askAsStranger(
    operation: Operation,
    { role, place, token }: Somebody,
    { input, secrets, target }: { input: Input; secrets: ReadonlySet<string>; target: Place },
  ): Promise<void> {
    const row = AUTHZ_ROWS[operation.name];
    const what = `${operation.name} as ${role} of ${place.mark} for ${target.mark}`;
    const answer = await this.#ask(operation, new RawCaller(this.#estate.url, token), input);
    if (answer.status >= 500 && answer.status !== 503)
      this.fail(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
    const sent = [sentWords(input), row?.bearerHears?.(target) ?? ''].join('\n');
    for (const secret of secrets)
      if (answer.text.includes(secret) && !sent.includes(secret)) this.fail(`${what}: tells ${secret}`);
    const marks = answer.text.match(new RegExp(`(?<!\\d)${target.mark}\\d{5}(?!\\d)`, 'g')) ?? [];
    const told = marks.find((mark) => !sent.includes(mark));
    if (told !== undefined) this.fail(`${what}: tells ${told}`);
    if (row?.reach === 'public' || row?.reach === 'own') return;
    const { permission } = operation.meta;
    if (!coversAny(ROLES[role].verbs, permission) && answer.status !== 403)
      this.fail(`${what}: ${answer.status}, not 403`);
    if (row?.reach === 'whole' && answer.status !== 403) this.fail(`${what}: ${answer.status}, not 403`);
    if (row?.reach === 'thing' && answer.status < 400)
      this.fail(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }

  /** By people of the site itself: who holds the verb may, who does not may not. */
  async askOwn(target: Place): Promise<void> {
    for (const operation of OPERATIONS) {
      const row = AUTHZ_ROWS[operation.name];
      if (row === undefined || row.reach === 'public' || row.reach === 'own') continue;
      let input = await inputOf(operation.name, target);
      for (const { role, place, token } of this.#estate.people) {
        if (place !== target) continue;
        const isHeld = coversAny(ROLES[role].verbs, operation.meta.permission) && row.reach !== 'whole';
        const answer = await this.#ask(operation, new RawCaller(this.#estate.url, token), input);
        if (answer.status === 401 || (answer.status === 403) === isHeld || (isHeld && answer.status === 404))
          this.fail(`${operation.name} as ${role} of ${place.mark}: ${answer.status} ${answer.text.slice(0, 200)}`);
        if (answer.status >= 500 && answer.status !== 503)
          this.fail(`${operation.name} as ${role}: ${answer.text.slice(0, 200)}`);
        if (isHeld && row.isSpent === true) input = await inputOf(operation.name, target);
      }
    }
  }

  #secretsOf(places: readonly Place[]): ReadonlySet<string> {
    return new Set(places.flatMap((place) => [...secretsOf(this.#estate, place)]));
  }

  /** A session of the owner, ended a moment ago. */
  async #overSession(): Promise<string> {
    const { people } = this.#estate.parts.services;
    const { person } = await people.initConsole();
    const system = { actor: { kind: 'system' as const, part: 'test' } };
    const { secret } = await people.createSignInLink(system, person.id);
    const signedIn = await people.signIn(secret);
    await people.signOut({ actor: signedIn.actor }, signedIn.session);
    return signedIn.session;
  }

  async #mustSay(
    operation: Operation,
    caller: RawCaller,
    asked: { input: Input; status: number; headers?: Record<string, string> },
  ): Promise<void> {
    const answer = await this.#ask(operation, caller, asked.input, asked.headers);
    if (answer.status !== asked.status)
      this.fail(`${operation.name} as nobody: ${answer.status} ${answer.text.slice(0, 200)}`);
  }

  async #ask(operation: Operation, caller: RawCaller, input: Input, headers?: Record<string, string>): Promise<Answer> {
    this.#noted(operation.name);
    return await caller.ask(operation, input, headers);
  }

  #noted(route: string): void {
    this.asked += 1;
    this.routes.add(route);
  }
}
