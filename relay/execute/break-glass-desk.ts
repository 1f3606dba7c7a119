// Break-glass: a person at this relay's own machine opens a short permit and runs orders under it, loudly, with everything recorded.
import type { Permit, PermitStore } from '#relay/pin/permit-store.ts';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { type DeviceId, ManifestId, newId, PermitId, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import {
  type AuditRecord,
  FINAL_COMMAND_STATES,
  type OutcomeRecord,
  type RelayEventRecord,
} from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { Executor } from './executor.ts';
import { answer, type GlassAnswer, type GlassRequest, takeRequests } from './glass-drop.ts';

/** A person waits at the terminal. */
const LOOK_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;
const OUTPUT_BYTES = 64 * 1024;
const CONCURRENCY = 5;
/** All outputs of one answer. */
const MAX_TEXT = 512 * 1024;

export interface BreakGlassDeps {
  data: string;
  /** Its time is never before a signed one. */
  clock: Clock;
  /** This machine's own, which the person's command line reads too; the relay's time may be far ahead of a broken one. */
  machineNow: () => EpochMs;
  log: Logger;
  permits: PermitStore;
  executor: Pick<Executor, 'fire'>;
  pins: Pick<DevicePins, 'get'>;
  roster: () => readonly RosterEntry[];
  place: () => { site: SiteId; relay: RelayId; charter: Charter };
  outbox: { addRecord(lane: 0 | 1, record: AuditRecord | RelayEventRecord): void };
  onRefused: (record: AuditRecord) => void;
}

interface Awaited {
  id: string;
  left: Set<DeviceId>;
  said: string[];
  names: ReadonlyMap<DeviceId, string>;
  isGood: boolean;
}

export class BreakGlassDesk {
  readonly #deps: BreakGlassDeps;
  readonly #awaited = new Map<ManifestId, Awaited>();

  constructor(deps: BreakGlassDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      await this.look().catch((error: unknown) => {
        this.#deps.log.error(describeError(error), 'the break-glass folder could not be read');
      });
    }
  }

  /** Answers what was dropped, and notices when the permit is over. */
  async look(): Promise<void> {
    const { data, machineNow, permits } = this.#deps;
    void permits.current;
    for (const { id, read } of takeRequests(data, machineNow())) {
      try {
        await this.#act(id, read());
      } catch (error) {
        const { code, message } = describeError(error);
        this.#deps.onRefused(this.#audit('break-glass.refuse', message, code));
        answer(data, id, { ok: false, text: `${message} [${code}]` });
      }
    }
  }

  /** Each outcome of the executor passes here once it is on disk. An answer that fails is no fault of the order's. */
  observe(records: readonly OutcomeRecord[]): void {
    for (const record of records) {
      const awaited = this.#awaited.get(record.manifest);
      if (awaited === undefined || !FINAL_COMMAND_STATES.has(record.state)) continue;
      awaited.left.delete(record.device);
      awaited.said.push(outcomeText(awaited.names.get(record.device) ?? record.device, record));
      awaited.isGood &&= record.state === 'succeeded';
      if (awaited.left.size > 0) continue;
      this.#awaited.delete(record.manifest);
      const said = { ok: awaited.isGood, text: awaited.said.join('\n').slice(0, MAX_TEXT) };
      this.#orLog(() => this.#answer(awaited.id, said), 'an outcome could not be told at the terminal');
    }
  }

  /** The permit ended: by its time, by its person, by a freeze, by a clock. It is over although nobody could be told. */
  ended(permit: Permit, why: string): void {
    const tell = () => this.#tell('break-glass.close', 'warning', `permit ${permit.id} is over: ${why}`);
    this.#orLog(tell, 'the end of a permit could not be told');
  }

  #orLog(step: () => void, what: string): void {
    try {
      step();
    } catch (error) {
      this.#deps.log.error(describeError(error), what);
    }
  }

  async #act(id: string, request: GlassRequest): Promise<void> {
    switch (request.kind) {
      case 'open':
        return this.#open(id, request);
      case 'run':
        return this.#run(id, request);
      case 'close':
        this.#deps.permits.end(`closed by ${request.by}`);
        return this.#answer(id, { ok: true, text: 'closed' });
    }
  }

  #open(id: string, { minutes, devices, reason, by, isThroughFreeze }: GlassRequest & { kind: 'open' }): void {
    const { clock, permits } = this.#deps;
    const now = clock.now();
    const named = this.#named(devices);
    const expiresAt = now + minutes * MINUTE_MS;
    const permit: Permit = {
      ...{ id: PermitId.parse(newId(now)), openedAt: now, seenAt: now, expiresAt, reason, by, isThroughFreeze },
      devices: named.map(({ device }) => device),
    };
    permits.open(permit);
    const names = named.map(({ name }) => name).join(', ');
    const freeze = isThroughFreeze ? ', through the freeze of the site' : '';
    const what = `${by} broke the glass for ${minutes} min on ${names}${freeze}: ${reason}`;
    try {
      this.#tell('break-glass.open', 'critical', what);
    } catch (error) {
      permits.end('nobody could be told of it');
      throw error;
    }
    this.#answer(id, { ok: true, text: `open for ${minutes} min on ${names}`, expiresAt });
  }

  async #run(id: string, { devices, command, timeoutMs, by }: GlassRequest & { kind: 'run' }): Promise<void> {
    const permit = this.#deps.permits.current;
    if (permit === undefined) throw new AppError('break-glass', 'the glass is not broken, or its time is over');
    const named = this.#named(devices);
    const order = this.#orderOf(permit, named, { command, timeoutMs });
    const names = new Map(named.map(({ device, name }) => [device, name]));
    // Before it is fired: a quick command's outcome must find who waits for it.
    this.#awaited.set(order.id, { id, left: new Set(names.keys()), said: [], names, isGood: true });
    try {
      await this.#deps.executor.fire({ kind: 'break-glass', permit: permit.id, order });
    } catch (error) {
      this.#awaited.delete(order.id);
      throw error;
    }
    this.#tell(
      'break-glass.run',
      'critical',
      `${by} runs order ${order.id} on ${[...names.values()].join(', ')}: ${command}`,
    );
  }

  #orderOf(permit: Permit, named: readonly RosterEntry[], what: { command: string; timeoutMs: number }): Manifest {
    const { clock, place, pins } = this.#deps;
    const { site, relay, charter } = place();
    const now = clock.now();
    const targets = named.map(({ device, name }) => {
      const identity = pins.get(device);
      if (identity === undefined) throw new AppError('not-found', `${name}: has never shown which machine it is`);
      return { device, identity };
    });
    const outputBytes = Math.min(OUTPUT_BYTES, charter.caps.maxOutputBytes);
    return {
      ...{ v: 1, id: ManifestId.parse(newId(now)), site, relay, targets, nbf: now, exp: permit.expiresAt },
      action: { name: 'command.run', arguments: { command: what.command } },
      charterVersion: charter.version,
      caps: { timeoutMs: what.timeoutMs, outputBytes, concurrency: CONCURRENCY },
      reason: `break-glass: ${permit.reason}`.slice(0, 500),
    };
  }

  #named(words: readonly string[]): RosterEntry[] {
    const roster = this.#deps.roster();
    const found = words.map((word) => {
      const fits = roster.filter(({ device, name }) => device === word || name === word);
      const [only] = fits;
      if (only === undefined || fits.length > 1)
        throw new AppError('not-found', `${word}: names ${fits.length} devices of this relay`);
      return only;
    });
    return [...new Map(found.map((entry) => [entry.device, entry])).values()];
  }

  #tell(verb: string, severity: RelayEventRecord['severity'], detail: string): void {
    const { outbox, log, clock } = this.#deps;
    log.error({ verb, detail: detail.slice(0, 1_000) }, 'BREAK-GLASS');
    outbox.addRecord(0, this.#audit(verb, detail, verb === 'break-glass.close' ? undefined : 'break-glass'));
    const event = { type: 'relay-event', at: clock.now(), code: 'break-glass', severity } as const;
    outbox.addRecord(1, { ...event, detail: detail.slice(0, 1_000) });
  }

  #audit(verb: string, detail: string, code: AuditRecord['code']): AuditRecord {
    const record = { type: 'audit' as const, at: this.#deps.clock.now(), verb, detail: detail.slice(0, 1_000) };
    return code === undefined ? record : { ...record, code };
  }

  #answer(id: string, said: GlassAnswer): void {
    answer(this.#deps.data, id, said);
  }
}

function outcomeText(name: string, { state, exitCode, stdout, stderr, detail }: OutcomeRecord): string {
  const decoder = new TextDecoder();
  const output = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trimEnd();
  const end = [state, exitCode === undefined ? '' : `exit ${exitCode}`, detail ?? ''].filter((part) => part !== '');
  return [`${name}: ${end.join(', ')}`, output].filter((part) => part !== '').join('\n');
}
