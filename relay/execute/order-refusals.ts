// How this relay says no to an order: told in the audit within a budget, to each target where the signature was good, and never run later.
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { FINAL_COMMAND_STATES, type OutcomeRecord } from '#shared/model/record.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { cutDetail } from './outcome.ts';
import type { RefusalLog } from './refusal-log.ts';

interface RefusalDeps {
  now: () => EpochMs;
  journal: Pick<Journal, 'refuse'>;
  log: RefusalLog;
}

export class OrderRefusals {
  readonly #deps: RefusalDeps;

  constructor(deps: RefusalDeps) {
    this.#deps = deps;
  }

  /** A refusal runs nothing and is told in the audit, or counted there when there are too many. */
  refuse(manifest: string, error: unknown, outcomes: readonly OutcomeRecord[] = []): void {
    const { code, message } = describeError(error);
    const detail = cutDetail(message);
    const at = this.#deps.now();
    const audit = { type: 'audit' as const, at, verb: 'manifest.refuse', manifest, code, detail };
    this.#deps.log.tell(audit, outcomes);
  }

  /** Where the signature was good each target gets its outcome too; and refused is final: the order never runs later. */
  refuseSigned(manifest: Manifest, { code, message }: AppError): void {
    const at = this.#deps.now();
    const outcomeOf = (device: DeviceId): OutcomeRecord => ({
      ...{ type: 'outcome', manifest: manifest.id, device, at, state: 'refused' },
      ...{ detail: cutDetail(message), reason: code },
    });
    this.#deps.journal.refuse(
      { id: manifest.id, expiresAt: manifest.exp, at },
      manifest.targets.map(({ device }) => outcomeOf(device)),
    );
    this.refuse(manifest.id, new AppError(code, message));
  }

  /**
   * An order that is known never runs again. While it runs, or its outcomes are on their way, the console only sent it anew;
   * after that somebody replays it: the audit says so, and a console that has forgotten the outcomes hears them again.
   */
  refuseAgain(id: ManifestId, known: readonly JournalEntry[]): void {
    if (known.some(({ state }) => !FINAL_COMMAND_STATES.has(state))) return;
    const at = this.#deps.now();
    const again = known.map(
      ({ device, state }): OutcomeRecord => ({
        ...{ type: 'outcome', manifest: id, device, at, state },
        detail: 'told before; its output is gone',
      }),
    );
    this.refuse(id, new AppError('manifest-replayed', `manifest ${id}: was carried out before`), again);
  }
}
