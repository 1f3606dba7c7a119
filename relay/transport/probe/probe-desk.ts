// Answers the console's wishes to look at an address, within bounds that hold for a stolen console too, each told to the audit first.
import { PermitGate, type Release } from '#relay/transport/permit-gate.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { fail } from '#shared/base/outcome.ts';
import type { ProbeResult } from '#shared/model/probe.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Probe, Probed } from '#shared/protocol/probe.ts';
import type { ProbeTarget } from './probe-host.ts';

/** A technician fills in a form at a time; a network of 65,000 addresses would take 18 hours. */
const PER_MINUTE = 60;
const MINUTE_MS = 60_000;
const AT_ONCE = 8;
/** As many again wait for a place, and no longer than this: the console gives up after 8 s, and a probe takes 5. */
const MAX_WAITING = 8;
const WAIT_MS = 2_000;

export interface ProbeDeskDeps {
  clock: Clock;
  probe: (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>;
  /** Durable before it returns. */
  onAudit: (record: AuditRecord) => void;
  /** Within a budget of its own. */
  onRefusal: (record: AuditRecord) => void;
  answer: (answer: Probed) => void;
}

export class ProbeDesk {
  readonly #deps: ProbeDeskDeps;
  readonly #gate = new PermitGate({ name: 'probes', limit: AT_ONCE, maxWaiting: MAX_WAITING });
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** When the newest ones were taken, oldest first. */
  readonly #takenAt: number[] = [];

  constructor(deps: ProbeDeskDeps) {
    this.#deps = deps;
  }

  /** Never rejects: whatever becomes of the question, it is answered. */
  async receive(question: Probe): Promise<void> {
    const work = this.#serve(question).finally(() => this.#running.delete(work));
    this.#running.add(work);
    await work;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled([...this.#running]);
  }

  async #serve(question: Probe): Promise<void> {
    const { answer } = this.#deps;
    const { probe } = question;
    try {
      answer({ kind: 'result', probe, result: await this.#look(question) });
    } catch (error) {
      const { code, message } = describeError(error);
      if (code === 'denied' || code === 'rate-limited') this.#refused(question, code, message);
      answer({ kind: 'refusal', probe, code, message: message.slice(0, 1_000) });
    }
  }

  async #look({ address, port }: Probe): Promise<ProbeResult> {
    const { clock, onAudit, probe } = this.#deps;
    this.#countIn();
    const release = await this.#enter();
    try {
      // Before the first packet: a relay that dies half-way has told what it did.
      onAudit({ type: 'audit', at: clock.now(), verb: 'relay.probe', detail: describe(address, port) });
      return await probe({ address, port }, this.#stopping.signal);
    } finally {
      release();
    }
  }

  #countIn(): void {
    const now = this.#deps.clock.monotonic();
    while ((this.#takenAt[0] ?? now) <= now - MINUTE_MS) this.#takenAt.shift();
    if (this.#takenAt.length >= PER_MINUTE)
      throw new AppError('rate-limited', `this relay probes at most ${PER_MINUTE} addresses a minute`);
    this.#takenAt.push(now);
  }

  async #enter(): Promise<Release> {
    const free = this.#gate.tryEnter();
    if (free !== undefined) return free;
    const busy = `this relay probes ${AT_ONCE} addresses at once, and others wait already`;
    const ended = new AbortController();
    const late = new AbortController();
    this.#deps.clock.sleep(WAIT_MS, AbortSignal.any([ended.signal, this.#stopping.signal])).then(
      () => late.abort(),
      () => late.abort(), // entered in time, or the relay stops
    );
    try {
      const entered = await this.#gate.enter(late.signal, () => fail('cancelled', busy));
      if (!entered.ok) throw new AppError('rate-limited', busy);
      return entered.value;
    } finally {
      ended.abort();
    }
  }

  #refused({ address, port }: Probe, code: AuditRecord['code'], message: string): void {
    const detail = `${describe(address, port)}: ${message}`.slice(0, 1_000);
    this.#deps.onRefusal({
      type: 'audit',
      at: this.#deps.clock.now(),
      verb: 'relay.probe',
      ...(code && { code }),
      detail,
    });
  }
}

const describe = (address: string, port: number | undefined): string =>
  port === undefined ? address : `${address}, port ${port} too`;
