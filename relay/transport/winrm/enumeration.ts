// Asks a machine's CIM repository by WQL and hands out typed instances as they come (DSP0226 8, MS-WSMV 3.1.4.1.4).

import {
  type CimInstance,
  type CimLimits,
  type CimProperties,
  type CimQuery,
  type CimSource,
  wqlOf,
} from '#relay/transport/cim.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { enumerateBody, pullBody, type Row, readPage, releaseBody, rowOf } from './enumeration-page.ts';
import type { Exchange, WsmanAnswer } from './exchange.ts';
import { ACTION, wmiResource } from './namespaces.ts';
import type { XmlElement } from './xml-read.ts';

interface CimDeps {
  exchange: Exchange;
  clock: Clock;
  /** Names the device in messages. */
  name: string;
}

type Ended = Outcome<void> | Exclude<WsmanAnswer, { ok: true }>;

// 100 pages without an instance: a machine that has nothing more to say and does not say so.
const MAX_EMPTY_PAGES = 100;
// 2 s: a release that is not answered by then costs the machine four minutes of an idle enumeration and nothing else.
const RELEASE_MS = 2_000;

const NAMESPACE = /^[A-Za-z_][A-Za-z0-9_]*([/\\][A-Za-z_][A-Za-z0-9_]*){0,15}$/;

/** What is left of the limits of one question, over all the envelopes it takes. */
class Budget {
  readonly #until: number;
  readonly #clock: Clock;
  #bytes: number;
  #instances: number;

  constructor(limits: CimLimits, clock: Clock) {
    this.#clock = clock;
    this.#until = clock.monotonic() + limits.timeoutMs;
    this.#bytes = limits.maxBytes;
    this.#instances = limits.maxInstances;
  }

  get leftMs(): number {
    return this.#until - this.#clock.monotonic();
  }

  hasBytes(bytes: number): boolean {
    this.#bytes -= bytes;
    return this.#bytes >= 0;
  }

  hasInstance(): boolean {
    this.#instances -= 1;
    return this.#instances >= 0;
  }
}

interface Asked {
  query: CimQuery;
  limits: CimLimits;
  budget: Budget;
  signal: AbortSignal;
}

export class WsmanCim implements CimSource {
  readonly #deps: CimDeps;

  constructor(deps: CimDeps) {
    this.#deps = deps;
  }

  async *instances<P extends CimProperties>(
    query: CimQuery<P>,
    limits: CimLimits,
    signal: AbortSignal,
  ): AsyncGenerator<CimInstance<P>, Outcome<void>> {
    const asked: Asked = { query, limits, budget: new Budget(limits, this.#deps.clock), signal };
    const told = new Set<string>();
    const rows = this.#rows(asked);
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done === true) {
          if (next.value.ok || !isTooLarge(next.value)) return next.value.ok ? next.value : failureOf(next.value);
          break;
        }
        told.add(keyOf(query, next.value));
        yield next.value as CimInstance<P>; // each property was read by the kind that P gives it
      }
    } finally {
      await rows.return(succeed(undefined));
    }
    const joined = await this.#halves(asked);
    if (!joined.ok) return joined;
    for (const [key, row] of joined.value) if (!told.has(key)) yield row as CimInstance<P>; // as above
    return succeed(undefined);
  }

  /** Rows of one question as they come; leaving early releases it. */
  async *#rows(asked: Asked): AsyncGenerator<Row, Ended> {
    const { query, limits, budget } = asked;
    const walk = this.#items(asked);
    try {
      for (;;) {
        const next = await walk.next();
        if (next.done === true) return next.value;
        if (!budget.hasInstance())
          return this.#failed('too-large', query, `more than ${limits.maxInstances} instances`);
        yield rowOf(next.value, query.select);
      }
    } finally {
      await walk.return(succeed(undefined));
    }
  }

  async *#items(asked: Asked): AsyncGenerator<XmlElement, Ended> {
    const { query, budget, signal } = asked;
    let page = await this.#ask(asked, ACTION.enumerate, enumerateBody(wqlOf(query)));
    let context: string | undefined;
    let emptyPages = 0;
    try {
      for (;;) {
        if (page.ok) {
          if (!budget.hasBytes(page.bytes)) return this.#failed('too-large', query, 'more bytes than allowed');
          const read = readPage(page.value);
          if (read === undefined) return this.#failed('malformed', query, 'an answer that is no page');
          context = read.isLast ? undefined : (read.context ?? context);
          emptyPages = read.items.length === 0 ? emptyPages + 1 : 0;
          yield* read.items;
          if (read.isLast) return succeed(undefined);
        } else if (page.fault?.kind === 'not-yet') emptyPages += 1;
        else {
          // Where the machine itself did not decline, the connection is over: it is not made anew for a release.
          if (page.fault === undefined || page.fault.kind === 'gone') context = undefined;
          return page;
        }
        if (signal.aborted) return this.#failed('cancelled', query, 'stopped by us');
        if (context === undefined || emptyPages > MAX_EMPTY_PAGES)
          return page.ok ? this.#failed('malformed', query, 'pages without an end') : page;
        if (budget.leftMs < 1) return this.#failed('timed-out', query, 'no end of the instances in time');
        page = await this.#ask(asked, ACTION.pull, pullBody(context));
      }
    } finally {
      if (context !== undefined) await this.#release(query, context);
    }
  }

  /** Enumerating twice is harmless; a page that was lost is not asked for again, as it may have been counted as given. */
  async #ask({ query, budget, signal }: Asked, action: string, body: string): Promise<WsmanAnswer> {
    const timeoutMs = Math.max(1, Math.floor(budget.leftMs));
    const resource = resourceOf(query);
    const isRepeatable = action === ACTION.enumerate;
    const answer = await this.#deps.exchange.ask({ action, resource, body, timeoutMs, isRepeatable }, signal);
    return answer.ok ? answer : { ...answer, detail: `${answer.detail} (${query.from})` };
  }

  async #release(query: CimQuery, context: string): Promise<void> {
    const call = {
      action: ACTION.release,
      resource: resourceOf(query),
      body: releaseBody(context),
      timeoutMs: RELEASE_MS,
      isRepeatable: true,
    };
    // Nobody waits for what it says: an enumeration that is not released ends on the machine by itself.
    await this.#deps.exchange.ask(call, new AbortController().signal);
  }

  /** All rows where one instance is larger than an envelope: each half of the properties is asked for by itself. */
  async #halves(asked: Asked): Promise<Outcome<Map<string, Row>>> {
    const { query } = asked;
    const [key, ...rest] = Object.entries(query.select);
    if (key === undefined || rest.length < 2)
      return fail('too-large', `${this.#deps.name}: an instance of ${query.from} is larger than an envelope may be`);
    const middle = Math.ceil(rest.length / 2);
    const left = await this.#whole(asked, [key, ...rest.slice(0, middle)]);
    if (!left.ok) return left;
    const right = await this.#whole(asked, [key, ...rest.slice(middle)]);
    if (!right.ok) return right;
    const isSame =
      left.value.size === right.value.size && [...left.value.keys()].every((each) => right.value.has(each));
    // What cannot be joined for certain is not joined: a number beside another machine part's name is worse than none.
    if (!isSame) return fail('malformed', `${this.#deps.name}: ${query.from} changed while it was read in parts`);
    return succeed(new Map([...left.value].map(([each, row]) => [each, { ...row, ...right.value.get(each) }])));
  }

  async #whole(
    asked: Asked,
    select: (readonly [string, CimQuery['select'][string]])[],
  ): Promise<Outcome<Map<string, Row>>> {
    const query: CimQuery = { ...asked.query, select: Object.fromEntries(select) };
    // Each part has the instances counted anew; time and bytes are those of the whole.
    const found = new Map<string, Row>();
    const part: Asked = { ...asked, query };
    const rows = this.#items(part);
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done === true) {
          if (next.value.ok) return succeed(found);
          return isTooLarge(next.value) ? await this.#halves(part) : failureOf(next.value);
        }
        const row = rowOf(next.value, query.select);
        const key = keyOf(query, row);
        if (found.has(key) || found.size >= asked.limits.maxInstances)
          return fail(
            'too-large',
            `${this.#deps.name}: an instance of ${query.from} is larger than an envelope may be`,
          );
        found.set(key, row);
      }
    } finally {
      await rows.return(succeed(undefined));
    }
  }

  #failed(reason: Failure['reason'], query: CimQuery, what: string): Failure {
    return fail(reason, `${this.#deps.name}: ${query.from}: ${what}`);
  }
}

const DEFAULT_NAMESPACE = 'root/cimv2';

/** Throws for a namespace that is none: like the names of classes it is code, never data of a device. */
function resourceOf({ namespace = DEFAULT_NAMESPACE }: CimQuery): string {
  if (!NAMESPACE.test(namespace)) throw new TypeError(`${namespace}: not a namespace`);
  return wmiResource(namespace);
}

const isTooLarge = (ended: Ended): boolean => !ended.ok && 'fault' in ended && ended.fault?.kind === 'too-large';

const failureOf = ({ reason, detail }: Failure): Failure => fail(reason, detail);

/** The first property that is asked for tells rows apart; two rows that share it are never joined. */
function keyOf(query: CimQuery, row: Row): string {
  const value = row[Object.keys(query.select)[0] ?? ''];
  return `${typeof value} ${String(value)}`;
}
