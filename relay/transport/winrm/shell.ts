// A remote shell of a Windows machine and the commands in it: created, fed, listened to, signalled, deleted (MS-WSMV 3.1.4.1.31).

import type { RunEnd } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Exchange, WsmanAnswer, WsmanCall } from './exchange.ts';
import { ACTION, CMD_SHELL, SIGNAL } from './namespaces.ts';
import {
  commandBody,
  commandIdIn,
  createBody,
  type OutputChunk,
  receiveBody,
  receivedIn,
  sendBody,
  shellIdIn,
  signalBody,
} from './shell-messages.ts';

export interface ShellDeps {
  /** For everything that is answered at once. */
  control: Exchange;
  /** For Receive, which is answered when there is something to tell. */
  receive: Exchange;
  clock: Clock;
  /** Names the device in messages. */
  name: string;
  /** How long one Receive may stay silent; 20 s where nothing else is said. */
  silenceMs?: number;
}

// 20 s: firewalls forget a silent connection after a minute or more, and a machine that died is noticed soon.
const SILENCE_MS = 20_000;
// 10 s more than the machine was given: then it is not slow but away.
const SLACK_MS = 10_000;
// 30 s: creating a shell starts processes, on a machine that may be busy.
const CREATE_MS = 30_000;
// 15 s for what is only written down there.
const CONTROL_MS = 15_000;
// 5 s: a shell that cannot be deleted by then ends by its own idle time.
const DELETE_MS = 5_000;
// 250 ms between two answers that tell nothing: a machine that answers at once with nothing must not keep us busy.
const QUIET_MS = 250;
// 96 KiB: 131,072 characters of base64, which fits an envelope of the smallest limit Windows ever had (150 KB).
const SEND_BYTES = 98_304;

/** Nobody may stop these: a half-made shell would be left behind, and who stops a signal stops the stopping. */
const unstopped = (): AbortSignal => new AbortController().signal;

export type ConsoleMode = 'pipe' | 'console';

export class WinrsShell {
  readonly #deps: ShellDeps;
  readonly #id: string;

  private constructor(deps: ShellDeps, id: string) {
    this.#deps = deps;
    this.#id = id;
  }

  /** One that an earlier life of this relay made. */
  static known(deps: ShellDeps, id: string): WinrsShell {
    return new WinrsShell(deps, id);
  }

  get id(): string {
    return this.#id;
  }

  /** Not to be stopped: a shell that is being made can only be deleted once its name is known. */
  static async open(deps: ShellDeps): Promise<Outcome<WinrsShell>> {
    const created = await deps.control.ask(
      {
        action: ACTION.create,
        resource: CMD_SHELL,
        // UTF-8, and no profile of the user (MS-WSMV 2.2.4.25).
        options: { WINRS_NOPROFILE: 'TRUE', WINRS_CODEPAGE: '65001' },
        body: createBody,
        timeoutMs: CREATE_MS,
        isRepeatable: false,
      },
      unstopped(),
    );
    if (!created.ok) return plain(created);
    const id = shellIdIn(created.value);
    if (id === undefined) return fail('malformed', `${deps.name}: a shell without an id`);
    return succeed(new WinrsShell(deps, id));
  }

  /**
   * Asks once. A lost answer leaves open whether the command began; deleting the shell ends it then.
   * `console`: what is sent counts as typed; `pipe`: as the content of a file.
   */
  async start(program: string, args: readonly string[], mode: ConsoleMode): Promise<Outcome<WinrsCommand>> {
    const options = { WINRS_CONSOLEMODE_STDIN: mode === 'console' ? 'TRUE' : 'FALSE', WINRS_SKIP_CMD_SHELL: 'FALSE' };
    const body = commandBody(program, args);
    const started = await this.#ask({
      action: ACTION.command,
      options,
      body,
      timeoutMs: CREATE_MS,
      isRepeatable: false,
    });
    if (!started.ok) return plain(started);
    const id = commandIdIn(started.value);
    if (id === undefined) return fail('malformed', `${this.#deps.name}: a command without an id`);
    return succeed(new WinrsCommand(this.#deps, this.#id, id));
  }

  /** False: not known to be gone. */
  async delete(): Promise<boolean> {
    const deleted = await this.#ask({ action: ACTION.delete, body: '', timeoutMs: DELETE_MS, isRepeatable: true });
    return deleted.ok || deleted.fault?.kind === 'gone';
  }

  #ask(call: Omit<WsmanCall, 'resource' | 'selectors'>): Promise<WsmanAnswer> {
    return this.#deps.control.ask({ ...call, resource: CMD_SHELL, selectors: { ShellId: this.#id } }, unstopped());
  }
}

export class WinrsCommand {
  readonly #deps: ShellDeps;
  readonly #shell: string;
  readonly #id: string;

  constructor(deps: ShellDeps, shell: string, id: string) {
    this.#deps = deps;
    this.#shell = shell;
    this.#id = id;
  }

  /** Content of stdin, in order. A command that has ended reads no more, which is no failure: its exit code says what came of it. */
  async send(bytes: Uint8Array, isEnd: boolean, signal: AbortSignal): Promise<Outcome<void>> {
    for (let at = 0; at < bytes.length || (at === 0 && isEnd); at += SEND_BYTES) {
      const part = bytes.subarray(at, at + SEND_BYTES);
      const body = sendBody(this.#id, part, isEnd && at + SEND_BYTES >= bytes.length);
      const sent = await this.#control(ACTION.send, body, CONTROL_MS, signal);
      if (!sent.ok) return sent.fault?.kind === 'gone' ? succeed(undefined) : plain(sent);
    }
    return succeed(undefined);
  }

  /**
   * Output as it comes, in order; the machine is asked for more only when more is wanted. Ends with the command; what ends earlier,
   * an answer that was lost too, is a failure, because output with a hole is none.
   */
  async *output(signal: AbortSignal): AsyncGenerator<OutputChunk, Outcome<RunEnd>> {
    const { clock, name } = this.#deps;
    for (;;) {
      const askedAt = clock.monotonic();
      const answer = await this.#receive(signal);
      if (!answer.ok && answer.fault?.kind !== 'not-yet') return plain(answer);
      const received = answer.ok ? receivedIn(answer.value, this.#id) : NOTHING;
      if (received === undefined) return fail('malformed', `${name}: output that cannot be read`);
      yield* received.chunks;
      if (received.isDone) return succeed(endOf(received.exitCode));
      if (signal.aborted) return fail('cancelled', `${name}: stopped by us`);
      const pauseMs = received.chunks.length > 0 ? 0 : askedAt + QUIET_MS - clock.monotonic();
      if (pauseMs > 0) await clock.sleep(pauseMs, signal).catch(() => undefined); // stopped: the next Receive says so
    }
  }

  /** True once the machine has taken it. `terminate` also gives back what the machine keeps of a command that has ended. */
  async signal(kind: keyof typeof SIGNAL, timeoutMs: number = CONTROL_MS): Promise<boolean> {
    const body = signalBody(this.#id, SIGNAL[kind]);
    const answer = await this.#control(ACTION.signal, body, timeoutMs, unstopped());
    return answer.ok || answer.fault?.kind === 'gone';
  }

  #control(action: string, body: string, timeoutMs: number, signal: AbortSignal): Promise<WsmanAnswer> {
    // A signal sent twice is a signal; stdin sent twice is another stdin.
    const isRepeatable = action === ACTION.signal;
    return this.#deps.control.ask({ ...this.#address(action), body, timeoutMs, isRepeatable }, signal);
  }

  #receive(signal: AbortSignal): Promise<WsmanAnswer> {
    const operationTimeoutMs = this.#deps.silenceMs ?? SILENCE_MS;
    const call = {
      ...this.#address(ACTION.receive),
      options: { WSMAN_CMDSHELL_OPTION_KEEPALIVE: 'TRUE' },
      body: receiveBody(this.#id),
      operationTimeoutMs,
      timeoutMs: operationTimeoutMs + SLACK_MS,
      isRepeatable: false,
    };
    return this.#deps.receive.ask(call, signal);
  }

  #address(action: string) {
    return { action, resource: CMD_SHELL, selectors: { ShellId: this.#shell } };
  }
}

const NOTHING = { chunks: [], isDone: false, exitCode: undefined };

const endOf = (code: number | undefined): RunEnd =>
  code === undefined ? { kind: 'no-status' } : { kind: 'exit', code };

const plain = (answer: Exclude<WsmanAnswer, { ok: true }>) => fail(answer.reason, answer.detail);
