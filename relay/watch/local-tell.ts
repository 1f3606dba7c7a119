// Tells a site's own people while its console is away: one mail for each outage of the link, and after it only what is new.
import { z } from 'zod';
import { backoffMs } from '#shared/base/backoff.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { FindingId, RouteId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { Mail } from '#shared/send/mail.ts';
import type { SendOutcome } from '#shared/send/send-outcome.ts';
import type { FindingLedger } from './finding-ledger.ts';
import { type LocalNews, localMail } from './local-mail.ts';
import type { OpenFinding } from './watch-table.ts';

const LOOK_EVERY_MS = 5_000;
/** A link that is up for less has not ended its outage: one that flaps is one outage. */
const BACK_AFTER_MS = 60_000;
/** Whatever a route says: a link that is built up, at a start or after a hiccup, is no outage. */
const MIN_AWAY_MS = 30_000;
/** A link that died without a word is known to be dead after so long: nobody heard what was said on it meanwhile. */
const UNHEARD_MS = 25_000;
/** Between two mails of a route: what fails together is one mail. */
const MAIL_EVERY_MS = 300_000;
/** A route's mails in 24 h: a site that burns for a day says so every hour. */
const MAILS_A_DAY = 24;
const DAY_MS = 86_400_000;
/** A mail server that does not take it is asked again, a minute to a quarter of an hour later. */
const RETRY = { baseMs: 60_000, capMs: 900_000 };

const RouteState = z.strictObject({
  /** Of the last day. */
  sentAt: z.array(z.int()).max(MAILS_A_DAY),
  /** Mails of this outage. */
  number: z.int(),
  /** Findings that it was told of in this outage. */
  listed: z.array(FindingId).max(10_000),
});
type RouteState = z.infer<typeof RouteState>;
const LocalState = z.strictObject({
  awaySince: z.int().optional(),
  routes: z.record(RouteId, RouteState),
});
type LocalState = z.infer<typeof LocalState>;

export interface LocalTellDeps {
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Remembers an outage over restarts: the same one is told once. */
  file: string;
  relay: string;
  routes: () => readonly LocalRoute[];
  isConsoleAway: () => boolean;
  ledger: Pick<FindingLedger, 'all' | 'change'>;
  nameOf: LocalNews['nameOf'];
  send: (route: LocalRoute, mail: Mail) => Promise<SendOutcome>;
}

export class LocalTell {
  readonly #deps: LocalTellDeps;
  readonly #state: LocalState;
  /** By the monotonic clock: since when the link is as it is. */
  #awayMs: number | undefined;
  #backMs: number | undefined;
  /** Since when this very process sees the console away: after a restart a remembered outage is looked at afresh. */
  #seenAwayMs: number | undefined;
  readonly #tries = new Map<RouteId, { failed: number; nextMs: number }>();

  constructor(deps: LocalTellDeps) {
    this.#deps = deps;
    const read = LocalState.safeParse(parseJson(readPrivateFile(deps.file)));
    this.#state = read.success ? read.data : { routes: {} };
    const { awaySince } = this.#state;
    if (awaySince !== undefined) this.#awayMs = deps.clock.monotonic() - Math.max(0, deps.clock.now() - awaySince);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      await this.look().catch((error: unknown) => {
        this.#deps.log.error(describeError(error), "the site's own people could not be told");
      });
    }
  }

  /** Sends what is due now. */
  async look(): Promise<void> {
    const { clock, isConsoleAway, routes } = this.#deps;
    const now = clock.monotonic();
    if (!isConsoleAway()) {
      this.#seenAwayMs = undefined;
      this.#backMs ??= now;
      if (this.#awayMs !== undefined && now - this.#backMs >= BACK_AFTER_MS) this.#end();
      return;
    }
    this.#backMs = undefined;
    if (this.#awayMs === undefined) this.#begin(now);
    this.#seenAwayMs ??= now;
    if (now - this.#seenAwayMs < MIN_AWAY_MS) return;
    const awayMs = now - (this.#awayMs ?? now);
    for (const route of routes()) if (awayMs >= Math.max(route.afterMs, MIN_AWAY_MS)) await this.#tell(route);
  }

  #begin(now: number): void {
    this.#awayMs = now;
    this.#state.awaySince = this.#deps.clock.now() - UNHEARD_MS;
    this.#save();
  }

  /** How often a route has mailed today is remembered: an outage each minute is no mail each minute. */
  #end(): void {
    this.#awayMs = undefined;
    this.#tries.clear();
    delete this.#state.awaySince;
    for (const state of Object.values(this.#state.routes)) Object.assign(state, { number: 0, listed: [] });
    this.#save();
  }

  async #tell(route: LocalRoute): Promise<void> {
    const { clock, ledger, relay, nameOf, send, log } = this.#deps;
    const at = clock.now();
    const state = this.#stateOf(route, at);
    const open = ledger.all.filter((one) => isWorth(one, route));
    const fresh = open.filter(({ finding }) => !state.listed.includes(finding));
    if ((state.number > 0 && fresh.length === 0) || !this.#mayMail(route, state, at)) return;
    const awaySince = this.#state.awaySince ?? at;
    const listed = state.number === 0 ? open : fresh;
    const mail = localMail(route, { relay, awaySince, at, number: state.number + 1, open: listed, nameOf });
    const sent = await send(route, mail);
    if (!sent.ok) return this.#failed(route, sent.detail);
    log.warn({ route: route.name, open: listed.length, detail: sent.detail }, "the site's own people were told");
    this.#tries.delete(route.id);
    state.number += 1;
    state.sentAt.push(at);
    state.listed.push(...listed.map(({ finding }) => finding));
    this.#save();
    // What opened before was the console's to tell.
    ledger.change(stillOpen(ledger, listed, awaySince), { toldAt: at });
  }

  #mayMail({ id }: LocalRoute, { sentAt }: RouteState, at: EpochMs): boolean {
    const { clock } = this.#deps;
    if ((this.#tries.get(id)?.nextMs ?? 0) > clock.monotonic()) return false;
    return sentAt.length < MAILS_A_DAY && Math.abs(at - (sentAt.at(-1) ?? 0)) >= MAIL_EVERY_MS;
  }

  #failed({ id, name }: LocalRoute, detail: string): void {
    const { clock, random, log } = this.#deps;
    const failed = this.#tries.get(id)?.failed ?? 0;
    const waitMs = backoffMs(failed, { ...RETRY, random });
    this.#tries.set(id, { failed: failed + 1, nextMs: clock.monotonic() + waitMs });
    log.error({ route: name, detail, waitMs: Math.round(waitMs) }, "the site's own people could not be told");
  }

  #stateOf({ id }: LocalRoute, at: EpochMs): RouteState {
    const known = this.#state.routes[id] ?? { sentAt: [], number: 0, listed: [] };
    const isOpen = new Set(this.#deps.ledger.all.map(({ finding }) => finding));
    known.sentAt = known.sentAt.filter((sent) => Math.abs(at - sent) < DAY_MS);
    known.listed = known.listed.filter((finding) => isOpen.has(finding));
    this.#state.routes[id] = known;
    return known;
  }

  #save(): void {
    const known = new Set<string>(this.#deps.routes().map(({ id }) => id));
    for (const id of Object.keys(this.#state.routes)) if (!known.has(id)) delete this.#state.routes[RouteId.parse(id)];
    writePrivateFile(this.#deps.file, JSON.stringify(this.#state));
  }
}

/** Children of an outage and what a window covers are told to nobody. */
const isWorth = (finding: OpenFinding, { atLeast }: LocalRoute): boolean =>
  finding.because === undefined &&
  finding.muted === undefined &&
  severityRank(finding.severity) <= severityRank(atLeast);

/** As they are now: the mail took its time. */
function stillOpen(ledger: Pick<FindingLedger, 'all'>, told: readonly OpenFinding[], since: EpochMs): OpenFinding[] {
  const ids = new Set(told.map(({ finding }) => finding));
  return ledger.all.filter(
    ({ finding, openedAt, toldAt }) => ids.has(finding) && openedAt >= since && toldAt === undefined,
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON remembers nothing
  }
}
