// Asks relays what is at an address, and hands each answer to whoever waits for it: in bounds, in time, and never to another.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { ProbeResult } from '#shared/model/probe.ts';
import { PROBE_PROTOCOL, type Probed } from '#shared/protocol/probe.ts';
import type { LinkRegistry } from './link-registry.ts';

/** A relay takes 5 s at most and makes a question wait 2 s for its turn; 1 s is for the way. */
const ANSWER_MS = 8_000;
/** Those a relay works at and as many again that wait there: more would only be refused there. */
const MAX_WAITING = 16;

export interface ProbeQuestion {
  address: string;
  port?: number | undefined;
}

interface Waiter {
  onResult: (result: ProbeResult) => void;
  onError: (error: AppError) => void;
}

export interface ProbeDeskDeps {
  clock: Clock;
  registry: Pick<LinkRegistry, 'get'>;
}

export class ProbeDesk {
  readonly #deps: ProbeDeskDeps;
  readonly #waiting = new Map<RelayId, Map<number, Waiter>>();
  #asked = 0;

  constructor(deps: ProbeDeskDeps) {
    this.#deps = deps;
  }

  /** Throws `unavailable` without a relay that can do it, `rate-limited`, `timed-out`, or the relay's own refusal. */
  async ask(relay: RelayId, { address, port }: ProbeQuestion, signal?: AbortSignal): Promise<ProbeResult> {
    const link = this.#deps.registry.get(relay);
    if (link === undefined) throw new AppError('unavailable', `relay ${relay} is not connected`);
    const { proto, version } = link.stats;
    if (proto === undefined || proto < PROBE_PROTOCOL)
      throw new AppError('unavailable', `relay ${relay} is of release ${version}, which cannot probe: update it`);
    const waiting = this.#waitingFor(relay);
    if (waiting.size >= MAX_WAITING)
      throw new AppError('rate-limited', `relay ${relay}: ${MAX_WAITING} probes are waiting for their answers already`);
    this.#asked += 1;
    const probe = this.#asked;
    const over = new AbortController();
    try {
      const answer = new Promise<ProbeResult>((onResult, onError) => waiting.set(probe, { onResult, onError }));
      const late = this.#deadline(relay, AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]));
      if (!link.send('PROBE', port === undefined ? { probe, address } : { probe, address, port }))
        throw new AppError('unavailable', `relay ${relay}: the link closed before it could be asked`);
      return await Promise.race([answer, late]);
    } finally {
      over.abort();
      waiting.delete(probe);
      if (waiting.size === 0) this.#waiting.delete(relay);
    }
  }

  /** An answer nobody waits for (any more), or of a relay that was not asked, is nobody's. */
  answered(relay: RelayId, answer: Probed): void {
    const waiter = this.#waiting.get(relay)?.get(answer.probe);
    if (answer.kind === 'result') waiter?.onResult(answer.result);
    else waiter?.onError(new AppError(answer.code, inert(answer.message)));
  }

  /** The relay is gone, and no answer will come. */
  forget(relay: RelayId): void {
    for (const { onError } of this.#waiting.get(relay)?.values() ?? [])
      onError(new AppError('unavailable', `relay ${relay}: the link closed before it answered`));
  }

  #waitingFor(relay: RelayId): Map<number, Waiter> {
    const waiting = this.#waiting.get(relay) ?? new Map<number, Waiter>();
    this.#waiting.set(relay, waiting);
    return waiting;
  }

  /** Only ever rejects, and once the question is settled that is nobody's news. */
  #deadline(relay: RelayId, signal: AbortSignal): Promise<never> {
    const late = this.#deps.clock.sleep(ANSWER_MS, signal).then(
      () => {
        throw new AppError('timed-out', `relay ${relay} did not answer within ${ANSWER_MS / 1_000} s`);
      },
      () => {
        throw new AppError('unavailable', 'nobody waits for this probe any more');
      },
    );
    late.catch(() => undefined);
    return late;
  }
}
