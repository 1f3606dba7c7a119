// The console as a program: its commands, from flags to a running process that stops in order.
import type { Command } from 'commander';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type ConfigValue, loadConfig } from '#shared/runtime/load-config.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { warnOfLooseEnds } from '#shared/runtime/node-flags.ts';
import { readInput } from '#shared/runtime/read-input.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { waitForSignal } from '#shared/runtime/wait-for-signal.ts';

interface Flags {
  config?: string;
  data?: string;
  log?: string;
  host?: string;
  httpPort?: string;
  httpsPort?: string;
  relayPort?: string;
  names?: string;
  cert?: string;
  key?: string;
}

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function load(flags: Flags) {
  return loadConfig(ConsoleConfig, {
    file: flags.config ?? process.env['RMM_CONFIG'],
    environment: process.env,
    flags: {
      data: flags.data,
      log: flags.log,
      names: flags.names?.split(','),
      'listen.host': flags.host,
      'listen.httpPort': number(flags.httpPort),
      'listen.httpsPort': number(flags.httpsPort),
      'listen.relayPort': number(flags.relayPort),
      'tls.certificateFile': flags.cert,
      'tls.keyFile': flags.key,
    },
  });
}

/** 3 s per part, several parts: the parent's own deadline of 4 s then ends what hangs. */
const STOP_EACH_MS = 3_000;

async function run(flags: Flags): Promise<void> {
  // The server is most of the program: a verb of the command line starts without reading it.
  const { composeConsole } = await import('#console/compose/compose-console.ts');
  const { config } = load(flags);
  const log = createLogger('console', config.log);
  const clock = systemClock;
  const stack = new StopStack({ clock, log });
  warnOfLooseEnds(log);
  const ending = waitForSignal({ withParent: true });
  try {
    const ready = await composeConsole(config, { clock, log, stack });
    process.send?.({ kind: 'ready', ...ready });
    log.info(ready, 'console ready');
    const reason = await ending;
    log.info({ reason }, 'stopping');
  } finally {
    await stack.stop(STOP_EACH_MS);
    if (process.connected) process.disconnect();
  }
}

const explainText = (values: readonly ConfigValue[]) =>
  values.map(({ key, value, source }) => `${key} = ${JSON.stringify(value)}  (${source})`).join('\n');

function withConfigFlags(command: Command): Command {
  return command
    .option('--config <file>', 'yaml file')
    .option('--data <folder>', 'data folder')
    .option('--log <level>', 'debug, info, warn, error')
    .option('--host <address>', 'address the TLS ports bind to')
    .option('--http-port <port>', 'plain port for browsers on this machine, loopback only')
    .option('--https-port <port>', 'TLS port for browsers, enrolment and late renewal')
    .option('--relay-port <port>', 'mutual TLS port for relays')
    .option('--names <list>', 'names and addresses of this console, comma-separated')
    .option('--cert <file>', 'PEM certificate for the browsers\u2019 TLS port')
    .option('--key <file>', 'PEM key for --cert');
}

function addOwnerCommands(program: Command): void {
  const owner = program.command('owner').description('the owner keys of this console');
  owner
    .command('export <file>')
    .description('move the owner key into a file that you keep elsewhere; it leaves this machine\u2019s data')
    .option('--data <folder>', 'data folder of the console', process.env['RMM_DATA'] ?? './data')
    .action(async (file: string, flags: { data: string }) => {
      const { exportOwner } = await import('#console/trust/owner.ts');
      const owner = await exportOwner(flags.data, file);
      process.stdout.write(`owner ${owner.id} is in ${file} now; keep it where no console can reach it\n`);
    });
  owner
    .command('paper')
    .description(
      'show the second owner key, to be written down; --written takes it off this machine once it is typed back',
    )
    .option('--data <folder>', 'data folder of the console', process.env['RMM_DATA'] ?? './data')
    .option('--written', 'read the words back from standard input')
    .action(async (flags: { data: string; written?: true }) => {
      const { forgetPaper, readPaper } = await import('#console/trust/owner.ts');
      if (flags.written === true) {
        const { id } = await forgetPaper(flags.data, await readInput());
        process.stdout.write(`owner ${id} is on paper alone now; keep it where it does not burn with this machine\n`);
        return;
      }
      const { id, words } = await readPaper(flags.data);
      process.stdout.write(
        `owner ${id}\n\n${words}\nwrite it down, then type it back on one line: rmm owner paper --written\n`,
      );
    });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function addKeepingCommands(console: Command): void {
  withConfigFlags(
    console
      .command('backup [folder]')
      .description('make a whole backup now, beside a running console; without a folder into backup.folder'),
  ).action(async (folder: string | undefined, flags: Flags) => {
    const { backUpConsole } = await import('#console/compose/keep-console.ts');
    const { config } = load(flags);
    say(await backUpConsole(config, { clock: systemClock, log: createLogger('console', config.log) }, folder));
  });
  withConfigFlags(
    console
      .command('restore <backup>')
      .description('bring a backup back into an empty data folder; relays send what came after it'),
  ).action(async (backup: string, flags: Flags) => {
    const { restoreConsole } = await import('#console/compose/keep-console.ts');
    say(await restoreConsole(load(flags).config, backup));
  });
  withConfigFlags(
    console
      .command('check [backup]')
      .description('check a backup against what was written, or the database of this machine\u2019s console'),
  ).action(async (backup: string | undefined, flags: Flags) => {
    const { checkBackupFolder, checkConsole } = await import('#console/compose/keep-console.ts');
    say(backup === undefined ? checkConsole(load(flags).config) : checkBackupFolder(backup));
  });
}

export function addConsoleCommands(program: Command): void {
  addOwnerCommands(program);
  const console = withConfigFlags(program.command('console').description('run a console'));
  console.action((flags: Flags) => run(flags));
  withConfigFlags(
    console
      .command('init')
      .description(
        'on the console\u2019s own machine: make the first person if there is none, and print a sign-in link',
      )
      .option('--url <url>', 'address that browsers open; without it where the console ran last'),
  ).action(async (flags: Flags & { url?: string }) => {
    const { initConsole } = await import('#console/compose/init-console.ts');
    const { config } = load(flags);
    const link = await initConsole(config, {
      clock: systemClock,
      log: createLogger('console', config.log),
      url: flags.url,
    });
    process.stdout.write(`${link}\n`);
  });
  addKeepingCommands(console);
  const config = program.command('config').description('the configuration');
  withConfigFlags(
    config
      .command('explain')
      .description('print every value of the console\u2019s configuration and where it comes from'),
  ).action((flags: Flags) => {
    process.stdout.write(`${explainText(load(flags).explain)}\n`);
  });
}
