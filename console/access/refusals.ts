// Refused sign-ins in the audit trail: told one by one while they are few, counted when somebody sends thousands.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';

// A person errs a few times; whoever sends thousands must fill neither the disk nor the audit trail.
const TOLD = 50;
const WINDOW_MS = 10 * 60_000;

export class Refusals {
  readonly #deps: { store: Store; audit: Audit; clock: Clock };
  /** Of the present ten minutes; beyond the bound they are counted, and the count is told with the next. */
  #window = { since: -Infinity, told: 0, untold: 0 };

  constructor(deps: { store: Store; audit: Audit; clock: Clock }) {
    this.#deps = deps;
  }

  /** `resource`: what was tried, "link", "password", "passkey". Never what was typed. */
  async tell(resource: string, detail: Readonly<Record<string, string>>, address: string | undefined): Promise<void> {
    const { store, audit, clock } = this.#deps;
    const now = clock.monotonic();
    if (now - this.#window.since >= WINDOW_MS) this.#window = { ...this.#window, since: now, told: 0 };
    if (this.#window.told >= TOLD) {
      this.#window.untold += 1;
      return;
    }
    const { untold } = this.#window;
    this.#window.told += 1;
    this.#window.untold = 0;
    const all = untold === 0 ? detail : { ...detail, untold: String(untold) };
    const row = {
      actor: 'anonymous',
      address,
      verb: 'session.create',
      resource,
      outcome: 'denied',
      detail: all,
    } as const;
    await store.transaction((tx) => audit.append(tx, row));
  }
}
