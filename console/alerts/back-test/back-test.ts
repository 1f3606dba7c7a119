// What a draft of checks would have done: the kept past of many devices judged twice, as it is watched now and as drafted.
import type { OtherNews, ReplayAnswer, ReplayAsk, ReplayDevice } from '#console/metrics/replay/replay-message.ts';
import type { Db } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Check } from '#shared/model/check.ts';
import type { KnownFacts } from '#shared/model/standing-rule.ts';
import { type BackTestResult, BackTestSum } from './back-test-sum.ts';
import { type ChangedChecks, changedChecks, conditionsOf, type Draft, factKinds } from './changed-checks.ts';
import { outageTruths, type Truth } from './lost-truths.ts';
import * as past from './past-repository.ts';

/** A minute of work for the metrics worker; who wants more asks site by site. */
export const MAX_BACK_TEST_DEVICES = 1_000;
/** As long as raw values are kept. */
export const MAX_BACK_TEST_MS = 31 * 86_400_000;
/** Below the silence after which a port of the browsers cuts a connection. */
const MAX_RUN_MS = 110_000;
/** A call of one or two seconds, which opens each day once: hours are sealed in between. */
const DEVICES_A_CALL = 50;

export interface TestedDevice {
  device: DeviceId;
  name: string;
  site: SiteId;
  /** Null: nobody polls it. */
  relay: RelayId | null;
  intervalMs: number;
  facts: KnownFacts;
}

export interface BackTestAsk {
  devices: readonly TestedDevice[];
  draft: Draft;
  from: number;
  to: number;
}

export interface BackTestDeps {
  db: Db;
  /** The metrics worker's call of that name. */
  replay: (ask: ReplayAsk, signal?: AbortSignal) => Promise<ReplayAnswer>;
  /** What holds for each device now. */
  checksOf: (devices: readonly TestedDevice[]) => Promise<ReadonlyMap<DeviceId, readonly Check[]>>;
}

export class BackTest {
  readonly #deps: BackTestDeps;
  #isRunning = false;

  constructor(deps: BackTestDeps) {
    this.#deps = deps;
  }

  /** One at a time: throws `rate-limited` while another runs, `bad-request` beyond its bounds. */
  async run(ask: BackTestAsk, signal?: AbortSignal): Promise<BackTestResult> {
    const { devices, from, to } = ask;
    if (to <= from || to - from > MAX_BACK_TEST_MS)
      throw new AppError('bad-request', 'a back-test is of 31 days at most, and does not run backwards');
    if (devices.length > MAX_BACK_TEST_DEVICES)
      throw new AppError('bad-request', `a back-test is of ${MAX_BACK_TEST_DEVICES} devices at most: ask for a site`);
    if (this.#isRunning) throw new AppError('rate-limited', 'another back-test is running');
    this.#isRunning = true;
    const late = AbortSignal.timeout(MAX_RUN_MS);
    try {
      return await this.#all(ask, signal === undefined ? late : AbortSignal.any([signal, late]));
    } catch (error) {
      if (!late.aborted || signal?.aborted === true) throw error;
      throw new AppError(
        'timed-out',
        'the console is too busy for so large a back-test: ask for fewer devices or days',
      );
    } finally {
      this.#isRunning = false;
    }
  }

  async #all({ devices, draft, from, to }: BackTestAsk, signal: AbortSignal | undefined): Promise<BackTestResult> {
    const now = await this.#deps.checksOf(devices);
    const sum = new BackTestSum(devices.length, { from, to });
    const changed = devices.flatMap((one): Changed[] => {
      const checks = changedChecks(now.get(one.device) ?? [], draft, one.facts);
      return checks.before.length + checks.after.length === 0 ? [] : [{ ...one, checks }];
    });
    for (let at = 0; at < changed.length; at += DEVICES_A_CALL) {
      signal?.throwIfAborted();
      await this.#some(changed.slice(at, at + DEVICES_A_CALL), sum, { from, to, signal });
    }
    return sum.result();
  }

  async #some(
    devices: readonly Changed[],
    sum: BackTestSum,
    { from, to, signal }: { from: number; to: number; signal: AbortSignal | undefined },
  ): Promise<void> {
    const { replay } = this.#deps;
    const span = { devices: devices.map(({ device }) => device), from, to };
    const { news, truths } = await this.#known(
      span,
      devices.flatMap(({ checks }) => [...checks.before, ...checks.after]),
    );
    const sets = new SetList();
    const asked = devices.map(({ device, intervalMs, checks }): ReplayDevice => {
      const own = [sets.placeOf(checks.before), sets.placeOf(checks.after)];
      return { device, pollMs: intervalMs, sets: own, news: news.get(device) ?? [] };
    });
    const answer = await replay({ from, to, sets: sets.all, devices: asked }, signal);
    sum.count(answer);
    for (const [i, { runs }] of answer.devices.entries()) {
      const one = devices[i];
      const [before, after] = runs;
      if (one === undefined || before === undefined || after === undefined) continue;
      sum.add(one, { before, after }, truths.get(one.device) ?? []);
    }
  }

  /** What else was told in the span, in order of time, and what was true. */
  async #known(span: past.PastAsk, checks: readonly Check[]) {
    const { db } = this.#deps;
    const conditions = conditionsOf(checks);
    const news: past.DeviceNews = new Map();
    await past.readStates(db, span, news);
    const truths = new Map<DeviceId, Truth[]>();
    for (const [device, told] of news) truths.set(device, outageTruths(device, downsOf(told)));
    for (const truth of await past.readTaken(db, span))
      truths.set(truth.device, [...(truths.get(truth.device) ?? []), truth]);
    if (!conditions.some((when) => when.kind === 'state' && when.of === 'device')) news.clear();
    if (conditions.some(({ kind }) => kind === 'events')) await past.readLogs(db, span, news);
    await past.readFacts(db, { ...span, kinds: factKinds(conditions) }, news);
    for (const told of news.values()) told.sort((a, b) => a.at - b.at);
    return { news, truths };
  }
}

interface Changed extends TestedDevice {
  checks: ChangedChecks;
}

const downsOf = (news: readonly OtherNews[]): number[] =>
  news.flatMap((one) => (one.type === 'status' && one.status === 'down' ? [one.at] : []));

/** Equal sets are one set: the worker makes each ready once. */
class SetList {
  readonly all: Check[][] = [];
  readonly #places = new Map<string, number>();

  placeOf(checks: Check[]): number {
    const key = JSON.stringify(checks);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.all.length);
    this.all.push(checks);
    return this.all.length - 1;
  }
}
