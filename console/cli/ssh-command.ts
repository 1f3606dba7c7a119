// `rmm ssh <device>`: a terminal on a device through console and relay, sealed from this machine to the relay.
import type { Command } from 'commander';
import { inert } from '#shared/base/inert-text.ts';
import { contextOf, withConnection } from './command-context.ts';
import { targetOf } from './files-session.ts';
import { openSession } from './open-session.ts';
import { type SessionOptions, termsOf, withIdleOption, withSessionOptions } from './session-options.ts';
import { runTerminal } from './terminal-session.ts';

interface SshOptions extends SessionOptions {
  idle: number;
}

/** 16 GiB: nobody reads that much; a forgotten flood ends. */
const MAX_BYTES = 16 * 1024 ** 3;

async function ssh(name: string, options: SshOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const target = await targetOf(context, name);
  const { columns: cols = 80, rows = 24 } = process.stdout;
  const session = await openSession(context, {
    target,
    args: { kind: 'terminal', cols, rows, idleMs: options.idle * 1_000, maxBytes: MAX_BYTES },
    ...termsOf(options),
  });
  const end = await runTerminal(context, session, process);
  const code = end.exitCode === undefined ? '' : ` with ${end.exitCode}`;
  process.stderr.write(`\r\n${inert(end.detail)}${code}\r\n`);
}

const EXAMPLES = `
The relay's key has to be known first: compare it once with --relay-key, or let the owner's signature vouch with --owner.
A cut line is taken up again within a minute; Enter ~ . leaves at once.

Examples:
  rmm ssh web-1 --relay-key KEY
  rmm ssh web-1 --reason 'ticket 4711'`;

export function addSshCommand(program: Command): void {
  const command = program
    .command('ssh <device>')
    .description('open a terminal on a device, sealed between this machine and its relay');
  withConnection(withSessionOptions(withIdleOption(command), 60).addHelpText('after', EXAMPLES)).action(ssh);
}
