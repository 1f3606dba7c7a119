// A shell for a person at a terminal: what is typed goes in, what it prints comes out as it comes, Ctrl-C reaches what runs.

import { OVER } from '#relay/transport/deadline.ts';
import type { Release } from '#relay/transport/permit-gate.ts';
import type { RunEnd } from '#relay/transport/transport.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { type ShellDeps, WinrsShell } from './shell.ts';
import type { OutputChunk } from './shell-messages.ts';

export interface RemoteShellOptions {
  /** Such as "cmd.exe" or "powershell.exe"; what is started is code, never data of a device. */
  program: string;
  args?: readonly string[];
}

/** WinRS knows no size of a window, so there is no resizing (MS-WSMV 3.1.4.1.31). */
export interface RemoteShell {
  /** One after the other; lines end with CR and LF. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<void>>;
  /** To be read once and all the time: the machine holds back what nobody reads. The return value is how the program ended. */
  output(): AsyncGenerator<OutputChunk, Outcome<RunEnd>>;
  /** Ctrl-C. False: not known to have arrived. */
  interrupt(): Promise<boolean>;
  /** Ends the program and deletes the shell, as far as the machine answers; may be called again. */
  close(): Promise<void>;
}

// 2 s for the program to be told; deleting the shell ends it in any case.
const TERMINATE_MS = 2_000;

/** `life` ends it as `close` does; `release` is called once nothing is left. */
export async function openRemoteShell(
  deps: ShellDeps,
  { program, args = [] }: RemoteShellOptions,
  life: AbortSignal,
  release: Release,
): Promise<Outcome<RemoteShell>> {
  const shell = await WinrsShell.open(deps);
  if (!shell.ok) return shell;
  const command = await shell.value.start(program, args, 'console');
  if (!command.ok) {
    await shell.value.delete();
    return command;
  }
  const closed = new AbortController();
  let closing: Promise<void> | undefined;
  const end = async () => {
    await command.value.signal('terminate', TERMINATE_MS);
    closed.abort(OVER);
    await shell.value.delete();
    release();
  };
  const close = () => {
    closing ??= end();
    return closing;
  };
  if (life.aborted) await close();
  life.addEventListener('abort', () => void close().catch(() => undefined), { once: true, signal: closed.signal });
  return succeed({
    write: (bytes, signal) => command.value.send(bytes, false, AbortSignal.any([signal, closed.signal])),
    output: () => command.value.output(closed.signal),
    interrupt: () => command.value.signal('ctrlC'),
    close,
  });
}
