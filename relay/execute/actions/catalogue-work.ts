// The actions of the catalogue on one device: what fits its system is run by our script, and what it says of itself is not believed where it can be seen.

import { cutDetail } from '#relay/execute/outcome.ts';
import type { Session, SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { CATALOGUE } from '#shared/model/actions/catalogue.ts';
import type { CatalogueAction } from '#shared/model/actions/catalogue-actions.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { Manifest, ManifestTarget } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { readEnd } from './action-script.ts';
import { scriptFor } from './scripts-of.ts';
import { bootOf, type PowerWatch, seeAwake, seeGone, seeReboot } from './watch-power.ts';

/** Acts, and says what came of it. Called once, after the journal holds `started`. */
export type Act = (startedAt: number) => Promise<OutcomeRecord>;

interface Named {
  manifest: Manifest;
  target: ManifestTarget;
  entry: RosterEntry;
}

interface OnSession extends Named {
  session: Session;
  action: CatalogueAction;
}

export interface CatalogueDeps {
  clock: Clock;
  pool: SessionPool;
  runScript(run: Omit<OnSession, 'action' | 'entry'> & { script: string }, signal: AbortSignal): Act;
  /** Sends magic packets; how many left. Absent: nothing is woken from here. */
  wake?: (macs: readonly string[]) => Promise<Outcome<number>>;
  /** Reads the whole inventory of a device now; how many facts it has. */
  readInventory?: (device: DeviceId, signal: AbortSignal) => Promise<Outcome<number>>;
}

const ASKED = { 'device.reboot': 'asked to reboot', 'device.shutdown': 'asked to shut down' } as const;

export class CatalogueWork {
  readonly #deps: CatalogueDeps;

  constructor(deps: CatalogueDeps) {
    this.#deps = deps;
  }

  /** The session is that of the machine the order names. */
  prepare({ action, session, ...named }: OnSession, signal: AbortSignal): Outcome<Act> {
    const { entry } = named;
    if (action.name === 'inventory.collect') return succeed(this.#readInventory(named, signal));
    const script = scriptFor(action, session.system);
    if (script === undefined) {
      const systems = CATALOGUE[action.name].systems.join(', ');
      return fail('unsupported', `${entry.name}: ${action.name} is for ${systems}; this is ${session.system}`);
    }
    const run = this.#deps.runScript({ ...named, session, script }, signal);
    if (action.name === 'device.reboot') return succeed(this.#reboot({ ...named, session }, run, signal));
    if (action.name === 'device.shutdown') return succeed(this.#shutDown(named, run, signal));
    return succeed(async (startedAt) => readEnd(await run(startedAt)));
  }

  /** It sleeps: the packet is all that reaches it, and whether it woke is seen when it answers. */
  wake(named: Named, signal: AbortSignal): Outcome<Act> {
    const { macs } = named.target.identity;
    const { wake } = this.#deps;
    if (wake === undefined || macs.length === 0)
      return fail('unsupported', `${named.entry.name}: no network address of it is known`);
    return succeed(async (startedAt) => {
      const watch = this.#watchOf(named, signal);
      const sent = await wake(macs);
      if (!sent.ok) return this.#failed(named, startedAt, sent);
      const what = `${sent.value} packets sent for ${macs.slice(0, 4).join(', ')}`;
      const asked = { ...this.#frameOf(named, startedAt), state: 'succeeded' as const };
      return this.#seen(asked, await seeAwake(watch), what);
    });
  }

  #reboot(named: Named & { session: Session }, run: Act, signal: AbortSignal): Act {
    return async (startedAt) => {
      const watch = this.#watchOf(named, signal);
      const before = await bootOf(named.session, signal);
      if (before === undefined)
        return this.#failed(
          named,
          startedAt,
          fail('malformed', 'it does not say which boot this is: nothing was done'),
        );
      const asked = await run(startedAt);
      if (!mayHaveAsked(asked)) return readEnd(asked);
      return this.#seen(asked, await seeReboot(watch, before), ASKED['device.reboot']);
    };
  }

  #shutDown(named: Named, run: Act, signal: AbortSignal): Act {
    return async (startedAt) => {
      const watch = this.#watchOf(named, signal);
      const asked = await run(startedAt);
      if (!mayHaveAsked(asked)) return readEnd(asked);
      return this.#seen(asked, await seeGone(watch), ASKED['device.shutdown']);
    };
  }

  #seen({ reason: _lost, ...asked }: OutcomeRecord, seen: string | undefined, what: string): OutcomeRecord {
    const at = this.#deps.clock.now();
    if (seen !== undefined) return { ...asked, state: 'succeeded', at, finishedAt: at, detail: seen };
    const detail = cutDetail(`${what}; it was not seen to happen in time`);
    return { ...asked, at, finishedAt: at, state: 'unknown', detail };
  }

  #readInventory(named: Named, signal: AbortSignal): Act {
    return async (startedAt) => {
      const read =
        (await this.#deps.readInventory?.(named.entry.device, signal)) ??
        fail('unsupported', 'no inventory is read here');
      if (!read.ok) return this.#failed(named, startedAt, read);
      return {
        ...this.#frameOf(named, startedAt),
        state: 'succeeded',
        exitCode: 0,
        detail: `${read.value} facts were read`,
      };
    };
  }

  #watchOf({ manifest, target, entry }: Named, signal: AbortSignal): PowerWatch {
    const { clock, pool } = this.#deps;
    const order = { purpose: 'act' as const, order: manifest.id };
    const until = clock.monotonic() + manifest.caps.timeoutMs;
    return { clock, pool, entry, identity: target.identity, order, signal, until };
  }

  #failed(named: Named, startedAt: number, { reason, detail }: ReturnType<typeof fail>): OutcomeRecord {
    const state = reason === 'cancelled' ? 'cancelled' : 'failed';
    return { ...this.#frameOf(named, startedAt), state, reason, detail: cutDetail(detail) };
  }

  #frameOf({ manifest, target }: Named, startedAt: number) {
    const at = this.#deps.clock.now();
    return { type: 'outcome' as const, manifest: manifest.id, device: target.device, at, startedAt, finishedAt: at };
  }
}

/** A machine that goes down takes the connection along, before it can say that it was asked. */
const mayHaveAsked = ({ state, reason }: OutcomeRecord): boolean =>
  state === 'succeeded' || (state === 'unknown' && reason === 'lost');
