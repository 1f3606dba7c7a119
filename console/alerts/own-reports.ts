// What rooms of the console say of themselves: a channel that fails, a store that is slow. The self-watch takes it at its next look.
import type { Clock } from '#shared/base/clock.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { OWN_WORDS, type OwnCheck } from './own-checks.ts';
import type { OwnCondition } from './self-conditions.ts';

/** Distinct troubles at once: more are one trouble. */
const MAX_REPORTS = 100;

export interface Trouble {
  /** As the check says, when absent. */
  severity?: Severity | undefined;
  /** For people; never a secret. */
  detail: string;
}

export class OwnReports {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #reports = new Map<string, OwnCondition & { instance: string }>();

  constructor(deps: { clock: Pick<Clock, 'now'> }) {
    this.#clock = deps.clock;
  }

  /** `instance` names which one, such as a channel. Undefined: it does not fail any more. */
  report(check: OwnCheck, instance: string, trouble: Trouble | undefined): void {
    const key = `${check} ${instance}`;
    const known = this.#reports.get(key);
    if (trouble === undefined) {
      this.#reports.delete(key);
      return;
    }
    if (known === undefined && this.#reports.size >= MAX_REPORTS) return;
    const subject = { site: null, relay: null, device: null };
    const { severity = OWN_WORDS[check].severity, detail } = trouble;
    this.#reports.set(key, { subject, check, instance, severity, detail, since: known?.since ?? this.#clock.now() });
  }

  all(): Array<OwnCondition & { instance: string }> {
    return [...this.#reports.values()];
  }
}
