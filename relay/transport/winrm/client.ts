// Everything a relay asks of one Windows machine over WinRM: lanes that are opened when they are needed, and bounds on what runs at once.

import type { CimSource } from '#relay/transport/cim.ts';
import { OVER } from '#relay/transport/deadline.ts';
import { PermitGate, type Release } from '#relay/transport/permit-gate.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { RunRequest, RunResult } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { WsmanCim } from './enumeration.ts';
import { type Exchange, exchangeOver } from './exchange.ts';
import { openRemoteShell, type RemoteShell, type RemoteShellOptions } from './interactive-shell.ts';
import { Lane } from './lane.ts';
import { NS } from './namespaces.ts';
import { PowershellRun } from './powershell-run.ts';
import { type ShellDeps, WinrsShell } from './shell.ts';
import type { WsmanConnection } from './wsman-connection.ts';
import { childOf } from './xml-read.ts';

export interface WinrmClientDeps {
  /** A new connection that logs in with its first request; polls, control and each waiting Receive have one of their own. */
  connect: () => WsmanConnection;
  clock: Clock;
  random: RandomBytes;
  /** Names the device in messages. */
  name: string;
  /** How long a Receive may stay silent; 20 s where nothing else is said. */
  silenceMs?: number;
}

/** What the service says of itself (DSP0226 11); texts of a device, printable and short. */
export interface WsmanIdentity {
  protocol: string;
  vendor: string;
  /** Such as "OS: 10.0.20348 SP: 0.0 Stack: 3.0". */
  product: string;
}

// 4 shells: a device seldom runs more than one thing, and Windows allows a login 30 over all that use it.
const MAX_SHELLS = 4;
// 64: an order of many actions waits in the executor, not here.
const MAX_WAITING_SHELLS = 64;
// 10 min: polls come every minute, and a login each minute would be 720,000 a day for 500 devices.
const POLL_IDLE_MS = 600_000;
// 2 min: commands come in groups; a connection that nobody needs holds one of 300 of the machine.
const SHELL_IDLE_MS = 120_000;
// 10 s for a question that the service answers by itself.
const IDENTIFY_MS = 10_000;
// 900 ms: who cancels hears of it within a second, whatever the machine does; the rest is cleared away behind.
const CANCEL_MS = 900;
/** As machines spell them; it came from our own disk. */
const SHELL_ID = /^[A-Za-z0-9{}-]{1,64}$/;

export class WinrmClient {
  readonly cim: CimSource;
  readonly #deps: WinrmClientDeps;
  readonly #poll: Lane;
  readonly #control: Lane;
  readonly #receives: readonly Lane[];
  readonly #freeReceives: Lane[];
  readonly #shells: PermitGate;
  readonly #life = new AbortController();
  /** What is still being cleared away on the machine. */
  readonly #unfinished = new Set<Promise<unknown>>();

  constructor(deps: WinrmClientDeps) {
    this.#deps = deps;
    this.#poll = new Lane(deps, POLL_IDLE_MS);
    this.#control = new Lane(deps, SHELL_IDLE_MS);
    this.#receives = Array.from({ length: MAX_SHELLS }, () => new Lane(deps, SHELL_IDLE_MS));
    this.#freeReceives = [...this.#receives];
    this.#shells = new PermitGate({
      name: `shells of ${deps.name}`,
      limit: MAX_SHELLS,
      maxWaiting: MAX_WAITING_SHELLS,
    });
    this.cim = new WsmanCim({ exchange: this.#over(this.#poll), clock: deps.clock, name: deps.name });
  }

  /** Of all lanes together. */
  get logins(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.logins, 0);
  }

  async identify(signal: AbortSignal): Promise<Outcome<WsmanIdentity>> {
    const answer = await this.#over(this.#poll).identify(IDENTIFY_MS, signal);
    if (!answer.ok) return fail(answer.reason, answer.detail);
    const content = answer.value;
    if (content?.local !== 'IdentifyResponse' || content.uri !== NS.identity)
      return fail('refused', `${this.#deps.name}: what answers is no WS-Management service`);
    const said = (local: string) => printable(childOf(content, NS.identity, local)?.text ?? '');
    return succeed({
      protocol: said('ProtocolVersion'),
      vendor: said('ProductVendor'),
      product: said('ProductVersion'),
    });
  }

  /** PowerShell. Resolves within a second of being cancelled; then a shell may still be on its way out, and the outcome says so. */
  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    const { clock, name } = this.#deps;
    const place = await this.#place(signal);
    if (!place.ok) return place;
    const { deps, release } = place.value;
    const run = new PowershellRun({ clock, name, openShell: () => WinrsShell.open(deps) }, request);
    const finished = this.#track(run.finish()).finally(release);
    return await this.#untilStopped(finished, () => run.stop('cancelled', 'stopped by us'), signal);
  }

  /** Deletes a shell of an earlier life of this relay, with all that runs in it. */
  async endShell(id: string, signal: AbortSignal): Promise<Outcome<boolean>> {
    const { name } = this.#deps;
    if (!SHELL_ID.test(id)) return fail('unsupported', `${name}: no shell has such an id`);
    const place = await this.#place(signal);
    if (!place.ok) return place;
    try {
      const isGone = await WinrsShell.known(place.value.deps, id).delete();
      return isGone ? succeed(true) : fail('lost', `${name}: a shell of an earlier life is not known to be gone`);
    } finally {
      place.value.release();
    }
  }

  /** A shell for a person. It counts as one of the device's shells until it is closed. */
  async openShell(options: RemoteShellOptions, signal: AbortSignal): Promise<Outcome<RemoteShell>> {
    const place = await this.#place(signal);
    if (!place.ok) return place;
    const { deps, release } = place.value;
    let leave: Release = release;
    const gone = new Promise<void>((resolve) => {
      leave = () => {
        release();
        resolve();
      };
    });
    void this.#track(gone);
    const opened = await openRemoteShell(deps, options, this.#life.signal, leave);
    if (!opened.ok) leave();
    if (opened.ok && signal.aborted) await opened.value.close();
    return opened;
  }

  /** Ends what runs, clears away behind it as far as the machine answers, then lets go of all connections; `why` is what ended them. */
  async close(why?: Failure): Promise<void> {
    this.#life.abort(OVER);
    await Promise.allSettled(this.#unfinished);
    for (const lane of this.#lanes) lane.close(why);
  }

  get #lanes(): readonly Lane[] {
    return [this.#poll, this.#control, ...this.#receives];
  }

  #over(lane: Lane): Exchange {
    const { random, name } = this.#deps;
    return exchangeOver({ post: (body, options, signal) => lane.post(body, options, signal), random, name });
  }

  /** A place for one more shell, with a connection for its Receive. */
  async #place(signal: AbortSignal): Promise<Outcome<{ deps: ShellDeps; release: Release }>> {
    const { clock, name, silenceMs } = this.#deps;
    const either = AbortSignal.any([signal, this.#life.signal]);
    const entered = await this.#shells.enter(either, () => fail('cancelled', `${name}: stopped by us`));
    if (!entered.ok) return entered;
    const lane = this.#freeReceives.pop() ?? new Lane(this.#deps, SHELL_IDLE_MS); // as many lanes as places
    const release = once(() => {
      this.#freeReceives.push(lane);
      entered.value();
    });
    const deps = {
      control: this.#over(this.#control),
      receive: this.#over(lane),
      clock,
      name,
      ...(silenceMs === undefined ? {} : { silenceMs }),
    };
    return succeed({ deps, release });
  }

  async #untilStopped<T>(finished: Promise<Outcome<T>>, stop: () => void, signal: AbortSignal): Promise<Outcome<T>> {
    const { clock, name } = this.#deps;
    const either = AbortSignal.any([signal, this.#life.signal]);
    const settled = new AbortController();
    const stopped = new Promise<Outcome<T>>((resolve) => {
      const onStop = () => {
        stop();
        clock.sleep(CANCEL_MS, settled.signal).then(
          () => resolve(fail('cancelled', `${name}: stopped by us; its end is not confirmed`)),
          () => undefined, // it ended in time
        );
      };
      if (either.aborted) onStop();
      else either.addEventListener('abort', onStop, { once: true, signal: settled.signal });
    });
    try {
      return await Promise.race([finished, stopped]);
    } finally {
      settled.abort(OVER);
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#unfinished.delete(tracked));
    this.#unfinished.add(tracked);
    return tracked;
  }
}

function once(work: () => void): Release {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
