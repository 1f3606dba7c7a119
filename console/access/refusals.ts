// What was refused, in the audit trail: told one by one while it is little, counted when somebody sends thousands.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Actor, actorName } from './can.ts';
import { networkOf } from './guess-brake.ts';

// A person errs a few times; whoever sends thousands must fill neither the disk nor the audit trail.
const TOLD = 50;
// And who sends from many addresses neither: ten of them at their bound.
const TOLD_IN_ALL = 500;
const WINDOW_MS = 10 * 60_000;

export interface Refusal {
  /** Nobody when absent: who tries to sign in is nobody yet. */
  actor?: Actor;
  /** "session.create" when absent. */
  verb?: string;
  /** What was tried: "link", "password", "passkey", or an operation. Never what was typed. */
  resource: string;
  detail?: Readonly<Record<string, string>>;
  address: string | undefined;
}

export class Refusals {
  readonly #deps: { store: Store; audit: Audit; clock: Clock };
  /** Of the present ten minutes, by person or network: who floods it hides nobody else. At most as many as are told in all. */
  readonly #told = new Map<string, number>();
  #since = -Infinity;
  #inAll = 0;
  /** Beyond the bounds they are counted, and the count is told with the next. */
  #untold = 0;

  constructor(deps: { store: Store; audit: Audit; clock: Clock }) {
    this.#deps = deps;
  }

  async tell(refusal: Refusal): Promise<void> {
    const { actor = { kind: 'anonymous' }, verb = 'session.create', resource, detail = {}, address } = refusal;
    const who = actorName(actor);
    if (!this.#mayTell(actor.kind === 'anonymous' ? `from ${networkOf(address ?? '')}` : who)) {
      this.#untold += 1;
      return;
    }
    const untold = this.#untold === 0 ? {} : { untold: String(this.#untold) };
    this.#untold = 0;
    const row = { actor: who, address, verb, resource, outcome: 'denied', detail: { ...detail, ...untold } } as const;
    const { store, audit } = this.#deps;
    await store.transaction((tx) => audit.append(tx, row));
  }

  #mayTell(key: string): boolean {
    const now = this.#deps.clock.monotonic();
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#inAll = 0;
      this.#told.clear();
    }
    const told = this.#told.get(key) ?? 0;
    if (told >= TOLD || this.#inAll >= TOLD_IN_ALL) return false;
    this.#told.set(key, told + 1);
    this.#inAll += 1;
    return true;
  }
}
