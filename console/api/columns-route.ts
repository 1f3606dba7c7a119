// GET /api/devices/columns: past the handler, because checking our own thirty arrays costs more than making them, and one answer serves many.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { type Scope, scopeKey } from '#console/access/scope.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { Clock } from '#shared/base/clock.ts';
import { ColumnsPart } from '#shared/contract/device-columns.ts';
import { deviceContract } from '#shared/contract/device-contract.ts';
import type { ApiContext } from './api-context.ts';
import { acceptedEncodings, type Encoding, encode } from './content-encoding.ts';
import { type GuardDeps, permitted } from './guard.ts';
import { problemResponse, wrongField } from './problems.ts';

const { meta, route } = deviceContract.columns['~orpc'];
/** Below the API's prefix. */
export const COLUMNS_PATH = route.path ?? '/devices/columns';

/** After a change of the estate a hundred browsers ask at once; readings this old are overtaken by the feed anyway. */
const FRESH_MS = 1_000;
/** Answers kept: one for each part that is asked, by each that sees another part of the fleet; some hundred kilobytes each. */
const MAX_KEPT = 16;

interface Kept {
  version: number;
  madeAt: number;
  bytes: Uint8Array<ArrayBuffer>;
  forms: Partial<Record<Encoding, Promise<Uint8Array<ArrayBuffer>>>>;
}

interface Deps {
  fleet: Pick<FleetIndex, 'columns' | 'version'>;
  clock: Pick<Clock, 'monotonic'>;
  /** Tells this run of the console from others, whose versions may be the same numbers. */
  startedAt: number;
}

export interface ColumnsForm {
  /** Of what is told of devices but their readings: with the same tag nothing else is new. */
  etag: string;
  bytes: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The answer in each form, made once for all who see the same and ask within a second of each other. */
export class ColumnsAnswers {
  readonly #deps: Deps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `bytes` throws `unavailable` while the fleet is being read. */
  form(scope: Scope, encoding: Encoding | undefined, part: ColumnsPart = 'with'): ColumnsForm {
    const bytes = async () => {
      const kept = this.#keptFor(scope, part);
      if (encoding === undefined) return kept.bytes;
      kept.forms[encoding] ??= encode(kept.bytes, encoding);
      return await kept.forms[encoding];
    };
    return { etag: this.#tagOf(scope), bytes };
  }

  #tagOf(scope: Scope): string {
    const { fleet, startedAt } = this.#deps;
    return `"${startedAt.toString(36)}.${fleet.version}.${scopeKey(scope)}"`;
  }

  #keptFor(scope: Scope, part: ColumnsPart): Kept {
    const { fleet, clock } = this.#deps;
    const key = `${part} ${scopeKey(scope)}`;
    const known = this.#kept.get(key);
    // Whoever was told of a change must find it; readings may be a moment old, and where there are none nothing grows old.
    const isFresh = (made: Kept) => part === 'later' || clock.monotonic() - made.madeAt < FRESH_MS;
    if (known?.version === fleet.version && isFresh(known)) return known;
    const bytes = new TextEncoder().encode(JSON.stringify(fleet.columns(scope, part)));
    const made: Kept = { version: fleet.version, madeAt: clock.monotonic(), bytes, forms: {} };
    this.#kept.delete(key);
    this.#kept.set(key, made);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}

type ColumnsContext = Context<{ Bindings: HttpBindings }>;

/** The same contract row, the same right, the same errors as every operation. */
export async function columnsResponse(
  c: ColumnsContext,
  context: ApiContext,
  { answers, guard }: { answers: ColumnsAnswers; guard: GuardDeps },
): Promise<Response> {
  const scope = await permitted(guard, context.actor, meta);
  const asked = ColumnsPart.safeParse(c.req.query('readings') ?? 'with');
  if (!asked.success) return problemResponse(wrongField('readings', 'must be with, later or alone'));
  const [encoding] = acceptedEncodings(c.req.header('accept-encoding'));
  const { etag, bytes } = answers.form(scope, encoding, asked.data);
  const headers: Record<string, string> = { 'cache-control': 'no-store', vary: 'accept-encoding' };
  // Of what is told; readings alone are never the same.
  if (asked.data !== 'alone') headers['etag'] = etag;
  // Our own page alone asks so, when it must know of news and has the readings from the feed.
  if (c.req.header('if-none-match') === headers['etag'] && headers['etag'] !== undefined)
    return new Response(null, { status: 304, headers });
  headers['content-type'] = 'application/json';
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  return new Response(await bytes(), { headers });
}
