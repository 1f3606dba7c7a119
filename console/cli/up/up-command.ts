// `rmm up` as a command: its options, in the words of a newcomer.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';

interface Options {
  data: string;
  lab: string;
  labWindows: string;
  labPort: string;
  ssh?: string;
  sshKey?: string;
  config?: string;
  host?: string;
  names?: string;
  httpPort?: string;
  httpsPort?: string;
  relayPort?: string;
}

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start a console and a relay that watches this machine')
    .option('--data <folder>', 'where everything is kept', process.env['RMM_DATA'] ?? './data')
    .option('--lab <count>', 'add a simulated site of that many SSH devices', '0')
    .option('--lab-windows <count>', 'add that many simulated Windows devices to it', '0')
    .option('--lab-port <port>', 'port of the simulated devices; the Windows ones take the next', '22022')
    .option('--ssh <user@host:port>', 'watch a real SSH host too')
    .option('--ssh-key <file>', 'private key for --ssh')
    .option('--config <file>', 'yaml file of the console', process.env['RMM_CONFIG'])
    .option('--host <address>', 'address the TLS ports bind to (127.0.0.1)')
    .option('--names <list>', 'names and addresses of the console, comma-separated (localhost,127.0.0.1)')
    .option('--http-port <port>', 'port for browsers on this machine (8080)')
    .option('--https-port <port>', 'TLS port for browsers and enrolment (8443)')
    .option('--relay-port <port>', 'TLS port for relays (8444)')
    .action(async (options: Options) => {
      const { up } = await import('./up.ts');
      const { parseSshTarget } = await import('./ssh-device.ts');
      const script = process.argv[1];
      if (script === undefined) throw new AppError('internal', 'no script to start the programs from');
      if (options.ssh !== undefined && options.sshKey === undefined)
        throw new AppError('bad-request', '--ssh needs --ssh-key <file>');
      await up({
        data: path.resolve(options.data),
        lab: {
          devices: parseCount('--lab', options.lab),
          windows: parseCount('--lab-windows', options.labWindows),
          port: Number(options.labPort),
        },
        ssh: options.ssh === undefined ? undefined : parseSshTarget(options.ssh, options.sshKey ?? ''),
        consoleFlags: consoleFlags(options),
        sources: existsSync(path.join(path.dirname(script), 'console/web/vite.config.ts'))
          ? path.dirname(script)
          : undefined,
        script,
        write: (line) => process.stdout.write(`${line}\n`),
      });
    });
}

/** 2,000: what one lab process has been measured to stand for. */
const MAX_LAB = 2_000;

function parseCount(flag: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > MAX_LAB)
    throw new AppError('bad-request', `${flag} ${text}: expected 0 to ${MAX_LAB}`);
  return count;
}

function consoleFlags(options: Options): string[] {
  const flags: Array<[string, string | undefined]> = [
    ['--config', options.config],
    ['--host', options.host],
    ['--names', options.names],
    ['--http-port', options.httpPort],
    ['--https-port', options.httpsPort],
    ['--relay-port', options.relayPort],
  ];
  return flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
}
