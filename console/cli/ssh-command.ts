// `rmm ssh <device>`: a terminal on a device through console and relay, sealed from this machine to the relay.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import { contextOf, withConnection } from './command-context.ts';
import { openSession } from './open-session.ts';
import { runTerminal } from './terminal-session.ts';
import { wholeNumber } from './verb.ts';

interface SshOptions {
  shell?: 'powershell' | 'cmd';
  idle: number;
  time: number;
  reason: string;
  key?: string;
  relayKey?: string;
  owner?: string;
}

/** 16 GiB: nobody reads that much; a forgotten flood ends. */
const MAX_BYTES = 16 * 1024 ** 3;

async function ssh(name: string, options: SshOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { targets } = await context.api.devices.targets({ devices: [name] });
  const [target] = targets;
  if (target === undefined) throw new AppError('not-found', `no device ${name}`);
  if (options.shell !== undefined && !['powershell', 'cmd'].includes(options.shell))
    throw new AppError('bad-request', `--shell ${options.shell}: powershell or cmd`);
  const { columns: cols = 80, rows = 24 } = process.stdout;
  const session = await openSession(context, {
    target,
    args: {
      ...{ kind: 'terminal', cols, rows, idleMs: options.idle * 1_000, maxBytes: MAX_BYTES },
      ...(options.shell === undefined ? {} : { shell: options.shell }),
    },
    timeoutMs: options.time * 60_000,
    ...{ reason: options.reason, keyFile: options.key, relayKey: options.relayKey, owner: options.owner },
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
  rmm ssh win-7 --shell powershell --reason 'ticket 4711'`;

export function addSshCommand(program: Command): void {
  withConnection(
    program
      .command('ssh <device>')
      .description('open a terminal on a device, sealed between this machine and its relay')
      .option('--shell <shell>', 'on Windows: powershell or cmd')
      .option('--idle <seconds>', 'ends after so long without a byte', wholeNumber(10, 3_600), 900)
      .option('--time <minutes>', 'ends after so long in any case', wholeNumber(1, 1_440), 60)
      .option('--reason <text>', 'why, for the audit', '')
      .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
      .option('--relay-key <fingerprint>', 'as `rmm relay sealing-key` prints it at the relay; remembered')
      .option('--owner <fingerprint>', "of an owner whose signed charter names the relay's key")
      .addHelpText('after', EXAMPLES),
  ).action(ssh);
}
