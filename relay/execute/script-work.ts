// Runs a version of a script on one device: the hook before it, the script, what takes it back when it failed, and the hook after it.

import type { Variables } from '#relay/transport/script-wrap.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Manifest, ManifestTarget, ScriptAction } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { shellFits } from '#shared/model/script-facts.ts';
import { scriptEnvironment } from '#shared/model/script-values.ts';
import { readScript } from '#shared/seal/script-seal.ts';
import type { Act } from './actions/catalogue-work.ts';
import { cutDetail, outcomeOf } from './outcome.ts';
import { scriptFor } from './script-text.ts';

interface ScriptOrder {
  manifest: Manifest;
  target: ManifestTarget;
  session: Session;
  action: ScriptAction;
  /** What it may read of the site's sealed variables. */
  variables: Variables | undefined;
}

interface Parts {
  clock: Clock;
  order: ScriptOrder;
  version: ScriptVersion;
  values: ReadonlyMap<string, string>;
}

/** Less than a shell takes to start: a step with less time left is not begun. */
const LEAST_STEP_MS = 100;

/** Everything that can fail without an effect on the device. The order was proven: its script has its form and its values fit. */
export function prepareScript(order: ScriptOrder, clock: Clock, signal: AbortSignal): Outcome<Act> {
  const { session, action } = order;
  const version = readScript(action.arguments.script);
  if (!shellFits(version.shell, session.system))
    return fail('unsupported', `script ${version.name} is for ${version.shell}; this is ${session.system}`);
  const told = scriptEnvironment(version, action.arguments.values);
  if (!told.ok) return fail('malformed', `script ${version.name}: ${told.detail}`);
  const run = new ScriptRunOfOrder({ clock, order, version, values: told.values });
  return succeed((startedAt) => run.act(startedAt, signal));
}

class ScriptRunOfOrder {
  readonly #parts: Parts;
  #until = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async act(startedAt: number, signal: AbortSignal): Promise<OutcomeRecord> {
    const { clock, order, version } = this.#parts;
    this.#until = clock.monotonic() + order.manifest.caps.timeoutMs;
    if (version.before !== undefined) {
      const before = await this.#step(version.before, startedAt, signal);
      if (before.state !== 'succeeded')
        return withWords(before, ['the hook before it did not succeed; nothing else ran']);
    }
    const main = await this.#step(version.text, startedAt, signal);
    const words: string[] = [];
    if (version.rollback !== undefined && main.state !== 'succeeded')
      words.push(await this.#takeBack(main, version.rollback, startedAt, signal));
    const ended = await this.#afterwards(main, startedAt, signal, words);
    return withWords({ ...ended, finishedAt: clock.now(), at: clock.now() }, words);
  }

  /** What is lost or cancelled may still be running or stands half done: a second script beside it would make it worse. */
  async #takeBack(main: OutcomeRecord, text: string, startedAt: number, signal: AbortSignal): Promise<string> {
    if (main.state !== 'failed') return `not rolled back: it is ${main.state}`;
    const back = await this.#step(text, startedAt, signal);
    return back.state === 'succeeded' ? 'rolled back' : `rolling back did not succeed: ${endWords(back)}`;
  }

  /** A hook that fails after a script that did not makes the whole a failure: somebody has to look. */
  async #afterwards(
    main: OutcomeRecord,
    startedAt: number,
    signal: AbortSignal,
    words: string[],
  ): Promise<OutcomeRecord> {
    const { after } = this.#parts.version;
    if (after === undefined || (main.state !== 'succeeded' && main.state !== 'failed')) return main;
    const told = new Map([['RMM_OUTCOME', main.state]]);
    const end = await this.#step(after, startedAt, signal, told);
    if (end.state === 'succeeded') return main;
    words.push(`the hook after it did not succeed: ${endWords(end)}`);
    return main.state === 'succeeded' ? { ...main, state: 'failed', exitCode: end.exitCode ?? 1 } : main;
  }

  /** Of all steps one is under way, each within the version's time, and together they have that of the order. */
  async #step(text: string, startedAt: number, signal: AbortSignal, more?: Variables): Promise<OutcomeRecord> {
    const { clock, order, version, values } = this.#parts;
    const { manifest, target, session, action, variables } = order;
    const frame = { manifest: manifest.id, device: target.device, startedAt };
    const timeoutMs = Math.min(version.timeoutS * 1_000, this.#until - clock.monotonic());
    if (timeoutMs < LEAST_STEP_MS)
      return outcomeOf({ ...frame, at: clock.now() }, fail('timed-out', 'the time of the order was over'));
    const script = scriptFor(version.shell, {
      text,
      values: new Map([...values, ...(more ?? [])]),
      hash: action.arguments.hash,
    });
    const request = {
      ...{ script, timeoutMs, maxOutputBytes: manifest.caps.outputBytes, keepTruncated: true, order: manifest.id },
      ...(variables === undefined ? {} : { variables }),
    };
    const result = await session.run(request, signal);
    return outcomeOf({ ...frame, at: clock.now() }, result);
  }
}

const endWords = ({ exitCode, detail, state }: OutcomeRecord): string =>
  detail ?? (exitCode === undefined ? state : `exit ${exitCode}`);

function withWords(outcome: OutcomeRecord, words: readonly string[]): OutcomeRecord {
  const all = [outcome.detail, ...words].filter((word) => word !== undefined);
  return all.length === 0 ? outcome : { ...outcome, detail: cutDetail(all.join('; ')) };
}
