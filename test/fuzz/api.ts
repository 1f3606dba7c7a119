// `fuzz api`: every operation that a running console describes, with inputs that fit, nearly fit and do not; each answer is one it promises.
import { loadProfile } from '#console/cli/profile.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type Estate, startEstate } from '#test/e2e/composed-site.ts';
import { GOOD_INPUTS, type Input, makeWorld, type World } from '#test/e2e/contract/good-inputs.ts';
import { RawCaller } from '#test/e2e/contract/raw-caller.ts';
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import type { Figures } from '#test/judge.ts';
import { Ending } from '#test/security/ending.ts';
import { type DescribedOperation, readDocument } from './api-document.ts';
import { fitting, nearly, type Source, wild } from './api-schema.ts';
import { pick, type Random } from './mutate.ts';

export interface ApiFuzzOptions {
  /** Cases for each operation. */
  count: number;
  seed: number;
  say: (line: string) => void;
}

/** An answer takes milliseconds; a console that thinks for so long is stuck. */
const HANG_MS = 10_000;
/** One case in so many is asked by nobody as well. */
const STRANGER_EVERY = 5;
/** A good input of an operation costs a signature at times: some are made, the rest are made of them. */
const GOOD_EVERY = 40;
const MIB = 2 ** 20;
/** A console that is asked for what is away, or is told to wait, says so by these. */
const AWAY = new Set([503, 504]);

interface Tally {
  cases: number;
  taken: number;
  refused: number;
  broken: number;
  unfit: number;
  hung: number;
  strangersIn: number;
}

interface Bench extends Tally {
  options: ApiFuzzOptions;
  estate: Estate;
  world: World;
  caller: RawCaller;
  stranger: RawCaller;
  /** Findings are told once for each operation and kind. */
  told: Map<string, number>;
}

/** What ends the asker's own right comes last, and what removes before it: the others find something to work on. */
function lateness({ name, method }: DescribedOperation): number {
  if (/^(session|sessions|tokens|profile)\./.test(name) && method !== 'GET') return 3;
  if (/^people\./.test(name) && method !== 'GET') return 2;
  return /remove|revoke|replace|freeze|putBrake|DELETE/.test(`${name} ${method}`) ? 1 : 0;
}

async function openBench(options: ApiFuzzOptions, ending: Ending): Promise<Bench> {
  const estate = await startEstate([], ending.add);
  const { token } = await loadProfile({ data: estate.data }, {});
  const callers = { caller: new RawCaller(estate.url, token), stranger: new RawCaller(estate.url, 'nobody') };
  const none = { cases: 0, taken: 0, refused: 0, broken: 0, unfit: 0, hung: 0, strangersIn: 0 };
  return { ...none, options, estate, world: await makeWorld(estate), ...callers, told: new Map() };
}

export async function fuzzApi(options: ApiFuzzOptions): Promise<Figures> {
  await using ending = new Ending();
  let bench = await openBench(options, ending);
  const operations = await readDocument(bench.estate.url);
  const order = operations.toSorted((a, b) => lateness(a) - lateness(b));
  let peak = 0;
  for (const operation of order) {
    await fuzzOperation(bench, operation);
    peak = Math.max(peak, process.memoryUsage().rss);
    if (!(await isStillIn(bench)))
      bench = { ...(await openBench(options, ending)), ...tallyOf(bench), told: bench.told };
  }
  const {
    told: _told,
    estate: _estate,
    world: _world,
    caller: _caller,
    stranger: _stranger,
    options: _options,
    ...tally
  } = bench;
  return { operations: order.length, ...tally, peakRssMb: Math.round(peak / MIB) };
}

const tallyOf = ({ cases, taken, refused, broken, unfit, hung, strangersIn }: Bench): Tally => ({
  ...{ cases, taken, refused, broken, unfit, hung, strangersIn },
});

/** Some operations end the right of who asks: then a new estate goes on. */
async function isStillIn({ caller }: Bench): Promise<boolean> {
  return (await caller.send('GET', '/me')).status === 200;
}

async function fuzzOperation(bench: Bench, operation: DescribedOperation): Promise<void> {
  const { count, seed } = bench.options;
  const random = seededRandom(seedFrom(seed, operation.name));
  let good: Input = {};
  for (let n = 0; n < count; n += 1) {
    if (n % GOOD_EVERY === 0) good = await goodInput(bench, operation, good);
    const input = inputOf(bench, operation, { random, good, n });
    await ask(bench, operation, input, random);
    if (n % STRANGER_EVERY === 0) await askAsNobody(bench, operation, input);
  }
}

/** One that a person could have sent; undefined rows are of operations that are new today. */
async function goodInput({ world }: Bench, { name }: DescribedOperation, former: Input): Promise<Input> {
  try {
    return (await GOOD_INPUTS[name]?.(world)) ?? former;
  } catch {
    return former; // what the fuzzing did to the estate, such as a frozen site, stands in its way
  }
}

interface Draw {
  random: Random;
  good: Input;
  n: number;
}

function inputOf({ world }: Bench, operation: DescribedOperation, { random, good, n }: Draw): unknown {
  if (n % GOOD_EVERY === 0) return good;
  const ids = [
    world.device,
    world.relay.id,
    world.relay.site,
    ...Object.values(good).filter((one) => typeof one === 'string'),
  ];
  const source: Source = { random, ids };
  const kind = random();
  if (kind < 0.3) return fitting(operation.input, source);
  if (kind < 0.5) return nearly({ ...Object(fitting(operation.input, source)) }, random);
  if (kind < 0.85) return nearly(nearly(good, random), random);
  const odd = wild(random);
  return kind < 0.95 && typeof odd === 'object' && !Array.isArray(odd) ? { ...good, ...odd } : odd;
}

const KEYS = ['k', '', 'x'.repeat(300), '\u00e4', 'a b', '"', '0'];

async function ask(bench: Bench, operation: DescribedOperation, input: unknown, random: Random): Promise<void> {
  const headers: Record<string, string> = random() < 0.05 ? { 'idempotency-key': pick(random, KEYS) } : {};
  bench.cases += 1;
  const answer = await inTime(send(bench.caller, operation, input, headers));
  if (answer === undefined) {
    bench.hung += 1;
    tell(bench, `${operation.name} hung`, input);
    return;
  }
  if (answer.status < 400) bench.taken += 1;
  else bench.refused += 1;
  if (answer.status >= 500 && !AWAY.has(answer.status)) {
    bench.broken += 1;
    tell(bench, `${operation.name} ${answer.status}: ${answer.text.slice(0, 200)} ${lastFault(bench)}`, input);
  }
  const fault = operation.fault(answer);
  if (fault === undefined) return;
  bench.unfit += 1;
  tell(bench, `${operation.name}: ${fault}`, input);
}

/** What the console's own log says of it. */
const lastFault = ({ estate }: Bench): string =>
  estate.log.findLast((line) => line.startsWith('error'))?.slice(0, 900) ?? '';

async function askAsNobody(bench: Bench, operation: DescribedOperation, input: unknown): Promise<void> {
  if (operation.isPublic) return;
  const answer = await inTime(send(bench.stranger, operation, input, {}));
  // Too long, too deep and of a wrong path are said before who asks is.
  const isRefused = answer !== undefined && [400, 401, 404, 405, 413, 415, 431].includes(answer.status);
  if (isRefused && operation.fault(answer) === undefined) return;
  bench.strangersIn += 1;
  tell(bench, `${operation.name} answered nobody with ${answer?.status} ${answer?.text.slice(0, 200)}`, input);
}

function send(
  caller: RawCaller,
  { method, path, inUrl }: DescribedOperation,
  input: unknown,
  headers: Record<string, string>,
) {
  const isPlain = typeof input === 'object' && input !== null && !Array.isArray(input);
  const members = isPlain ? Object.entries(input) : [];
  // A body that is no object goes out as it is; its path is that of nothing.
  const body =
    method === 'GET'
      ? undefined
      : JSON.stringify(isPlain ? Object.fromEntries(members.filter(([name]) => !inUrl.has(name))) : input);
  const query: Array<[string, string]> = [];
  let place = path;
  for (const [name, value] of members) {
    if (path.includes(`{${name}}`)) place = place.replaceAll(`{${name}}`, segment(value));
    else if ((method === 'GET' || inUrl.has(name)) && query.length < MAX_QUERY)
      query.push([name, wellFormed(value).slice(0, MAX_IN_URL)]);
  }
  place = place.replaceAll(/\{[^}]+\}/g, 'x');
  return caller.send(method, query.length === 0 ? place : `${place}?${new URLSearchParams(query)}`, body, headers);
}

/** Node itself answers 431 to first lines above 16 KiB; escaped, a sign has up to twelve. */
const MAX_IN_URL = 600;
const MAX_QUERY = 8;
const wellFormed = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(/\p{Surrogate}/gu, '\ufffd');

function segment(value: unknown): string {
  const text = wellFormed(value).slice(0, MAX_IN_URL);
  // An empty segment would be another path, and so would one of dots.
  return /^\.*$/.test(text) ? '%20' : encodeURIComponent(text);
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const late = systemClock.sleep(HANG_MS, done.signal).then(
    () => undefined,
    () => undefined, // the answer came first
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

const TOLD_OF_A_KIND = 2;

function tell(bench: Bench, what: string, input: unknown): void {
  const kind = what.slice(0, 60);
  const count = (bench.told.get(kind) ?? 0) + 1;
  bench.told.set(kind, count);
  if (count <= TOLD_OF_A_KIND) bench.options.say(`${what} <- ${JSON.stringify(input)?.slice(0, 400)}`);
}
