// The kinds of work an order can ask for, each in two steps: reach the right machine, then act on it.

import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { Variables } from '#relay/transport/script-wrap.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { VariableVault } from '#relay/transport/variable-vault.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { type DeviceIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import type { Manifest, ManifestTarget } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import { isScriptAction, readScript, variablesOf } from '#shared/seal/script-seal.ts';
import { type Act, type CatalogueDeps, CatalogueWork } from './actions/catalogue-work.ts';
import type { EndRun } from './cut-off-runs.ts';
import type { JournalEntry } from './journal.ts';
import { cutDetail, outcomeOf } from './outcome.ts';
import { readReadings } from './script-readings.ts';
import { nameOfReason, readScriptSamples, type ScriptSample } from './script-samples.ts';
import { prepareScript } from './script-work.ts';

export interface Work {
  /** Targets the journal has not begun; a resumed order begins only what never began. */
  pending(manifest: Manifest, unfinished: readonly JournalEntry[]): ManifestTarget[];
  /** Everything that can fail without an effect on the device. */
  prepare(manifest: Manifest, target: ManifestTarget, entry: RosterEntry, signal: AbortSignal): Promise<Outcome<Act>>;
  /** Ends what an earlier life of this relay began; absent where nothing outlives it. */
  end?: EndRun;
}

/** Opens what a session leads to and resolves when it is over; in words how it ended. */
export type RunSession = (
  order: { manifest: Manifest; args: SessionArguments; entry: RosterEntry; device: Session },
  signal: AbortSignal,
) => Promise<Outcome<{ detail: string; exitCode?: number; isFailure?: boolean }>>;

interface WorkDeps extends Pick<CatalogueDeps, 'clock' | 'pool' | 'wake' | 'readInventory'> {
  pins: DevicePins;
  /** Absent: no order gets any. */
  variables?: Pick<VariableVault, 'open'>;
  /** Told what a device calls a run, before it begins: for ending it in a later life. */
  onHandle?: (run: { order: ManifestId; device: DeviceId }, handle: string) => void;
  /** Absent: no session is opened here. */
  sessions?: RunSession;
  /** Takes the numbers that a script said; names of series there is no room for. */
  onSamples?: (device: DeviceId, samples: readonly ScriptSample[]) => readonly string[];
  /** A person said which machine this device now is: the console's records and the next poll follow. */
  onAccepted: (device: DeviceId, identity: DeviceIdentity) => void;
}

interface ScriptRun {
  manifest: Manifest;
  target: ManifestTarget;
  session: Session;
  script: string;
  variables?: Variables | undefined;
}

export class DeviceWork implements Work {
  readonly #deps: WorkDeps;
  readonly #catalogue: CatalogueWork;

  constructor(deps: WorkDeps) {
    this.#deps = deps;
    const runScript: CatalogueDeps['runScript'] = (run, signal) => this.#runScript(run, signal);
    this.#catalogue = new CatalogueWork({ ...deps, runScript });
  }

  /** The order was proven when it began; the machine that answers is the pinned one, as for any session. */
  readonly end: EndRun = async (run, entry, signal) => {
    const opened = await this.#deps.pool.session(entry, signal, { purpose: 'act', order: run.order });
    if (!opened.ok) return opened;
    return (await opened.value.endRun?.(run, signal)) ?? fail('unsupported', `${entry.name}: nothing is ended there`);
  };

  pending(manifest: Manifest, unfinished: readonly JournalEntry[]): ManifestTarget[] {
    const open = new Set(
      unfinished.filter((e) => e.manifest === manifest.id && e.state === 'accepted').map((e) => e.device),
    );
    return manifest.targets.filter((target) => open.has(target.device));
  }

  async prepare(
    manifest: Manifest,
    target: ManifestTarget,
    entry: RosterEntry,
    signal: AbortSignal,
  ): Promise<Outcome<Act>> {
    if (manifest.action.name === 'identity.accept') return succeed(this.#acceptIdentity(manifest, target));
    if (manifest.action.name === 'device.wake') return this.#catalogue.wake({ manifest, target, entry }, signal);
    const variables = this.#variablesOf(manifest);
    if (variables !== undefined && !variables.ok) return variables;
    const opened = await this.#deps.pool.session(entry, signal, { purpose: 'act', order: manifest.id });
    if (!opened.ok) return opened;
    const session = opened.value;
    const match = matchIdentity(target.identity, session.identity);
    if (match.verdict !== 'same') {
      const kinds = match.verdict === 'different' ? match.kinds.join(', ') : 'nothing in common';
      return fail('identity-changed', `${entry.name}: not the machine the order names (${kinds})`);
    }
    const { action } = manifest;
    if (action.name === 'command.run') {
      const run = { manifest, target, session, script: action.arguments.command, variables: variables?.value };
      return succeed(async (startedAt) =>
        this.#withSeries(await this.#runScript(run, signal)(startedAt), manifest, entry),
      );
    }
    if (isScriptAction(action)) {
      const order = { manifest, target, session, action, variables: variables?.value };
      const act = prepareScript(order, this.#deps.clock, signal);
      return act.ok ? succeed(async (startedAt) => this.#withSeries(await act.value(startedAt), manifest, entry)) : act;
    }
    if (action.name === 'session.open')
      return succeed(this.#runSession({ manifest, args: action.arguments, entry, device: session }, signal));
    return this.#catalogue.prepare({ manifest, target, entry, session, action }, signal);
  }

  /** Undefined: the order names none. */
  #variablesOf({ action }: Manifest): Outcome<Variables> | undefined {
    const names = variablesOf(action);
    if (names === undefined) return undefined;
    // A script of the library reads what any command may: as many people have looked at it.
    return this.#deps.variables?.open(names, 'command.run') ?? fail('credential-missing', 'no variables here');
  }

  #runScript({ manifest, target, session, script, variables }: ScriptRun, signal: AbortSignal): Act {
    return async (startedAt) => {
      const { timeoutMs, outputBytes } = manifest.caps;
      const run = { order: manifest.id, device: target.device };
      const onHandle = (handle: string) => this.#deps.onHandle?.(run, handle);
      const request = {
        script,
        timeoutMs,
        maxOutputBytes: outputBytes,
        keepTruncated: true,
        order: manifest.id,
        onHandle,
      };
      const result = await session.run(variables === undefined ? request : { ...request, variables }, signal);
      const at = this.#deps.clock.now();
      return outcomeOf({ manifest: manifest.id, device: target.device, at, startedAt }, result);
    };
  }

  #runSession(order: Parameters<RunSession>[0], signal: AbortSignal): Act {
    return async (startedAt) => {
      const { manifest, entry } = order;
      const none = fail('unsupported', `${entry.name}: this relay opens no sessions`);
      const ended = (await this.#deps.sessions?.(order, signal)) ?? none;
      const at = this.#deps.clock.now();
      const frame = { type: 'outcome' as const, manifest: manifest.id, device: entry.device, at, startedAt };
      const end = { ...frame, finishedAt: at, detail: cutDetail(ended.ok ? ended.value.detail : ended.detail) };
      if (!ended.ok) return { ...end, state: 'failed', reason: ended.reason };
      const { exitCode, isFailure } = ended.value;
      const state = isFailure === true ? 'failed' : 'succeeded';
      return { ...end, state, ...(exitCode === undefined ? {} : { exitCode }) };
    };
  }

  /** Numbers in the output of a signed script are samples of its device; what is left out is told beside the outcome. */
  #withSeries(outcome: OutcomeRecord, { reason, action }: Manifest, { device, name }: RosterEntry): OutcomeRecord {
    const { onSamples } = this.#deps;
    if (onSamples === undefined || outcome.stdout === undefined) return outcome;
    const script = isScriptAction(action) ? readScript(action.arguments.script) : undefined;
    const title = script?.name ?? reason;
    const said = readScriptSamples(outcome.stdout, nameOfReason(title));
    const read = readReadings(outcome.stdout, script?.readings ?? []);
    const samples = [...said.samples, ...read.samples];
    const full = samples.length === 0 ? [] : onSamples(device, samples);
    const noRoom = full.length === 0 ? undefined : `no room for ${full.slice(0, 3).join(', ')}`;
    const told = [said.refusal, read.refusal, noRoom].filter(Boolean);
    if (told.length === 0) return outcome;
    const words = `series of "${title.slice(0, 80)}" on ${name}: ${told.join('; ')}`;
    return { ...outcome, detail: cutDetail(outcome.detail === undefined ? words : `${outcome.detail}; ${words}`) };
  }

  /** A person says which machine this device now is; the next session must show it. */
  #acceptIdentity(manifest: Manifest, target: ManifestTarget): Act {
    return async (startedAt) => {
      this.#deps.pins.set(target.device, target.identity, 'signer');
      this.#deps.pool.drop(target.device);
      this.#deps.onAccepted(target.device, target.identity);
      const at = this.#deps.clock.now();
      return {
        type: 'outcome',
        manifest: manifest.id,
        device: target.device,
        at,
        state: 'succeeded',
        startedAt,
        finishedAt: at,
        exitCode: 0,
      };
    };
  }
}
