// Carries one script over one exec channel of an SSH connection.
import type { Client, ClientChannel } from 'ssh2';
import { startDeadline } from '#relay/transport/deadline.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { RunCarrier, ScriptRun, ScriptShell } from '#relay/transport/script-run.ts';
import type { RunEnd } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { killScript } from './kill-script.ts';

/** How scripts run on a machine. */
export interface RemoteShell {
  /** What starts one: always the same words, and none of the script. */
  command: string;
  /** The same for an order, whose name its processes then bear. */
  tagged?: (tag: string) => string;
  /** Default: a POSIX shell. */
  script?: ScriptShell;
  /** The open stdin is the lifeline of the script; else it ends with the text. */
  holdsStdin: boolean;
  /** Ends what announced itself by this number, and with 0 once it is gone. */
  killText: (group: number) => string;
  killCommand: string;
  killMs: number;
}

const PLAIN = 'exec /bin/sh -s';

const commandOf = (command: string) => ({ command, tagged: (tag: string) => `${command} ${tag}` });

/** sshd makes the login shell the leader of a new process group; where it does not, setsid does. */
export const posixShell = (facts?: { isGroupLeader: boolean; hasSetsid: boolean }): RemoteShell => ({
  ...commandOf(facts?.isGroupLeader === false && facts.hasSetsid ? 'exec setsid /bin/sh -s' : PLAIN),
  holdsStdin: true,
  killText: killScript,
  killCommand: PLAIN,
  // 4 s: the kill script takes up to 2, and a line may be slow.
  killMs: 4_000,
});

export interface CarrierDeps {
  client: Client;
  clock: Clock;
  shell: RemoteShell;
  /** Of the order it runs. */
  tag?: string | undefined;
  /** True once the connection has ended: then a closed channel is no end of the script. */
  isLost: () => boolean;
}

export class SshCarrier implements RunCarrier {
  readonly #deps: CarrierDeps;
  #channel: ClientChannel | undefined;
  #phase: 'open' | 'released' = 'open';

  constructor(deps: CarrierDeps) {
    this.#deps = deps;
  }

  start(stdin: string, run: ScriptRun): void {
    const { client, shell, tag } = this.#deps;
    exec(client, tag === undefined ? shell.command : (shell.tagged?.(tag) ?? shell.command), (error, channel) => {
      if (channel === undefined) {
        const said = printable(error?.message ?? 'no reason given');
        if (this.#deps.isLost()) run.broke('lost', 'the connection was lost before the script began');
        else run.broke('refused', `no channel for the script: ${said}`);
        return;
      }
      this.#channel = channel;
      if (this.#phase === 'released') channel.close();
      else this.#connect(channel, stdin, run);
    });
  }

  async kill(group: number | undefined): Promise<boolean> {
    // Back-pressure: a flood stops here and does not drown the kill.
    this.#channel?.pause();
    this.#channel?.stderr.pause();
    if (group === undefined || this.#deps.isLost()) return false;
    return (await runQuietly(this.#deps, this.#deps.shell.killText(group))) === 0;
  }

  release(): void {
    this.#phase = 'released';
    const channel = this.#channel;
    if (channel === undefined) return;
    // ssh2 reports the close only once everything is read: what still arrives is dropped.
    channel.removeAllListeners('data');
    channel.stderr.removeAllListeners('data');
    channel.resume();
    channel.stderr.resume();
    channel.close();
  }

  #connect(channel: ClientChannel, stdin: string, run: ScriptRun): void {
    channel.on('error', () => undefined); // a write to a closed channel; its close tells
    channel.on('data', (chunk: Buffer) => run.received('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => run.received('stderr', chunk));
    channel.on('exit', (code: number | null, signal?: string) => run.exited(endOf(code, signal)));
    channel.on('close', () => {
      if (this.#deps.isLost()) run.broke('lost', 'the connection was lost while the script ran');
      else run.closed();
    });
    if (this.#deps.shell.holdsStdin) channel.write(stdin);
    else channel.end(stdin);
  }
}

function endOf(code: number | null, signal: string | undefined): RunEnd {
  return code === null ? { kind: 'signal', signal: printable(signal ?? 'unknown', 32) } : { kind: 'exit', code };
}

/** `client.exec` throws when the connection is already gone. */
function exec(
  client: Client,
  command: string,
  done: (error: Error | undefined, channel?: ClientChannel) => void,
): void {
  try {
    client.exec(command, done);
  } catch (error) {
    done(error instanceof Error ? error : new Error('exec failed'));
  }
}

/** The exit code of a small script whose output nobody reads; undefined when it has none in time. */
async function runQuietly(deps: CarrierDeps, script: string): Promise<number | undefined> {
  using deadline = startDeadline(deps.clock, deps.shell.killMs, new AbortController().signal);
  return await new Promise<number | undefined>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    exec(deps.client, deps.shell.killCommand, (_error, channel) => {
      if (channel === undefined) return resolve(undefined);
      channel.on('error', () => undefined);
      channel.on('exit', (code: number | null) => resolve(code ?? undefined));
      channel.on('close', () => resolve(undefined));
      channel.resume();
      channel.stderr.resume();
      deadline.signal.addEventListener('abort', () => channel.close(), { once: true });
      channel.end(script);
    });
  });
}
