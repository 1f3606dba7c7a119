// The relay's verbs: run, enroll, install, credential, its keys. What a verb needs is loaded when it runs.
import path from 'node:path';
import { type Command, Option } from 'commander';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import { loadConfig } from '#shared/runtime/load-config.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { warnOfLooseEnds } from '#shared/runtime/node-flags.ts';
import { readInput } from '#shared/runtime/read-input.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { waitForSignal } from '#shared/runtime/wait-for-signal.ts';
import type { BindingFlags } from './credential-files.ts';
import { addOnboardCommands } from './onboard-commands.ts';
import { type ProbeFlags, probeOptions } from './probe-options.ts';

interface Flags {
  config?: string | undefined;
  data?: string | undefined;
  log?: string;
}

function load(flags: Flags): RelayConfig {
  const { config } = loadConfig(RelayConfig, {
    file: flags.config ?? process.env['RMM_CONFIG'],
    environment: process.env,
    flags: { data: flags.data, log: flags.log },
  });
  return { ...config, data: path.resolve(config.data) };
}

/** 2 s per part: commands are killed, the spool written, the link closed; the service manager waits longer. */
const STOP_EACH_MS = 2_000;

async function run(flags: Flags): Promise<void> {
  const { composeRelay } = await import('#relay/compose/compose-relay.ts');
  const config = load(flags);
  const log = createLogger('relay', config.log);
  warnOfLooseEnds(log);
  const clock = systemClock;
  const stack = new StopStack({ clock, log });
  const ending = waitForSignal({ withParent: true });
  try {
    await composeRelay(config, { clock, log, stack });
    process.send?.({ kind: 'ready' });
    log.info({ data: config.data }, 'relay ready');
    const reason = await ending;
    log.info({ reason }, 'stopping');
  } finally {
    await stack.stop(STOP_EACH_MS);
    if (process.connected) process.disconnect();
  }
}

const withData = (command: Command) =>
  command.option('--config <file>', 'yaml file').option('--data <folder>', 'data folder of the relay');

function addRun(relay: Command): void {
  withData(relay.command('run').description('run the relay of a data folder'))
    .option('--log <level>', 'debug, info, warn, error')
    .action((flags: Flags) => run(flags));
}

interface EnrollFlags extends Flags {
  token?: string;
  owner: string;
  leaf?: boolean;
}

function addEnroll(relay: Command): void {
  withData(relay.command('enroll').description('let this relay into a console with a one-time token'))
    .requiredOption('--owner <fingerprint>', 'fingerprint of the owner key, as the console printed it')
    .requiredOption('--token-stdin', 'read the token from standard input, so that no process list shows it')
    .option('--leaf', 'watch only this machine')
    .action(async (flags: EnrollFlags) => {
      const { enrolThisMachine } = await import('./enrol-this-machine.ts');
      const { data } = load(flags);
      const token = await readInput();
      const { becomeOwnerOf } = await import('./folder-owner.ts');
      await becomeOwnerOf(data);
      const made = await enrolThisMachine({
        data,
        token,
        owner: flags.owner,
        kind: flags.leaf === true ? 'leaf' : 'site',
      });
      const { openSealingKey } = await import('#relay/pin/sealing-key.ts');
      const { publicKey } = await openSealingKey(data);
      process.stdout.write(`enrolled as relay ${made.relay} of site ${made.site}\nsealing key ${publicKey.id}\n`);
    });
}

function addSealingKey(relay: Command): void {
  withData(
    relay.command('sealing-key').description('fingerprint of the key to which logins are sealed for this relay'),
  ).action(async (flags: Flags) => {
    const { openSealingKey } = await import('#relay/pin/sealing-key.ts');
    const { becomeOwnerOf } = await import('./folder-owner.ts');
    const { data } = load(flags);
    await becomeOwnerOf(data);
    process.stdout.write(`${(await openSealingKey(data)).publicKey.id}\n`);
  });
}

function addJobKey(relay: Command): void {
  withData(
    relay.command('job-key').description('the key that devices behind a file queue pin; made here at its first use'),
  ).action(async (flags: Flags) => {
    const { openJobKey } = await import('#relay/pin/job-key.ts');
    const { becomeOwnerOf } = await import('./folder-owner.ts');
    const { data } = load(flags);
    await becomeOwnerOf(data);
    const { publicText, id } = openJobKey(data);
    process.stdout.write(`${publicText}\n${id}\n`);
  });
}

function addMoveKeys(relay: Command): void {
  withData(relay.command('move-keys').description('take the private keys out of the data folder, for systemd-creds'))
    .requiredOption('--to <folder>', 'a folder in memory, such as /run/rmm-keys; encrypt the files, then remove it')
    .action(async (flags: Flags & { to: string }) => {
      const { moveKeys } = await import('#relay/pin/move-keys.ts');
      const { becomeOwnerOf } = await import('./folder-owner.ts');
      const { data } = load(flags);
      await becomeOwnerOf(data);
      const files = await moveKeys(data, path.resolve(flags.to));
      process.stdout.write(`${files.join('\n')}\nnext: encrypt both, and install the unit with --system-credentials\n`);
    });
}

interface CredentialFlags extends Flags, BindingFlags {
  user: string;
  keyFile?: string;
  passwordStdin?: boolean;
  passphraseStdin?: boolean;
}

function addCredential(relay: Command): void {
  const credential = relay.command('credential').description('secrets of this site; they never leave the relay');
  withData(credential.command('add <name>').description('store a login'))
    .requiredOption('--user <user>', 'login name on the devices; for Windows DOMAIN\\user, user@realm, or plain')
    .option('--key-file <file>', 'private key, OpenSSH or PEM')
    .addOption(new Option('--password-stdin', 'read a password from standard input').conflicts('passphraseStdin'))
    .option('--passphrase-stdin', 'read the passphrase of the key from standard input')
    .addOption(new Option('--purpose <purpose>', 'what it may be used for').choices(['monitor', 'act', 'both']))
    .option('--ranges <ranges...>', 'addresses it may go to, such as 10.0.0.0/8 or fd00::/8')
    .option('--device <ids...>', 'only these devices; with =SHA256:... their host key is vouched for')
    .option('--transports <names...>', 'only these transports: ssh, winrm, smb')
    .option('--key-only', 'never offer a password')
    .option('--ntlm-over-http', 'with --purpose monitor: also NTLM over plain HTTP, where no machine proves itself')
    .option('--expires <date>', 'offered nowhere from then on')
    .action(async (name: string, flags: CredentialFlags) => {
      const { addCredentialFile } = await import('./credential-files.ts');
      const { user, keyFile } = flags;
      const password = flags.passwordStdin === true ? await readInput() : undefined;
      const passphrase = flags.passphraseStdin === true ? await readInput() : undefined;
      const given = { user, keyFile, password, passphrase, binding: flags };
      const note = await addCredentialFile(load(flags).data, name, given);
      process.stdout.write(`stored ${name}\n`);
      if (note !== undefined) process.stderr.write(`${note}\n`);
    });
  withData(credential.command('list').description('the stored logins, and what each is for')).action(
    async (flags: Flags) => {
      const { listCredentialFiles } = await import('./credential-files.ts');
      process.stdout.write(
        listCredentialFiles(load(flags).data)
          .map((name) => `${name}\n`)
          .join(''),
      );
    },
  );
  withData(credential.command('remove <name>').description('forget a login')).action(
    async (name: string, flags: Flags) => {
      const { removeCredentialFile } = await import('./credential-files.ts');
      removeCredentialFile(load(flags).data, name);
      process.stdout.write(`removed ${name}\n`);
    },
  );
}

interface GlassFlags extends Flags {
  device: string[];
  minutes: string;
  reason: string;
  timeout: string;
  throughFreeze?: boolean;
}

type GlassAsked = import('./break-glass-commands.ts').Asked;

async function askForGlass(flags: Flags, asked: GlassAsked): Promise<void> {
  const { askAtTerminal, show } = await import('./break-glass-commands.ts');
  show(await askAtTerminal(load(flags).data, asked, systemClock));
}

function addBreakGlass(relay: Command): void {
  const glass = relay
    .command('break-glass')
    .description('orders without a signer, for a person at this machine when console or signers are away');
  withData(glass.command('open').description('open a permit for named devices; it is told to everybody'))
    .requiredOption('--device <devices...>', 'names or ids, as this relay knows them')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--minutes <minutes>', 'how long, 60 at most', '15')
    .option('--through-freeze', 'although a guardian has frozen the site')
    .action(({ device: devices, minutes, reason, throughFreeze, ...flags }: GlassFlags) =>
      askForGlass(flags, {
        ...{ kind: 'open', devices, minutes: Number(minutes), reason },
        isThroughFreeze: throughFreeze === true,
      }),
    );
  withData(glass.command('run <command>').description('run a shell command on devices of the permit'))
    .requiredOption('--device <devices...>', 'names or ids')
    .option('--timeout <seconds>', 'longest run on one device', '60')
    .action((command: string, { device: devices, timeout, ...flags }: GlassFlags) =>
      askForGlass(flags, { kind: 'run', devices, command, timeoutMs: Number(timeout) * 1_000 }),
    );
  withData(glass.command('close').description('end the permit now')).action((flags: Flags) =>
    askForGlass(flags, { kind: 'close' }),
  );
}

function addWitness(relay: Command): void {
  const witness = relay.command('witness').description("what this relay remembers of the console's audit trail");
  withData(witness.command('show').description('the newest checkpoint it holds, its key, and what it refused')).action(
    async (flags: Flags) => {
      const { showWitness } = await import('./witness-commands.ts');
      const { becomeOwnerOf } = await import('./folder-owner.ts');
      const { data } = load(flags);
      await becomeOwnerOf(data);
      process.stdout.write(`${showWitness(data)}\n`);
    },
  );
  withData(witness.command('accept').description('let the trail go: the next checkpoint that comes begins another'))
    .requiredOption('--reason <text>', 'why the trail went back, for the audit')
    .action(async ({ reason, ...flags }: Flags & { reason: string }) => {
      const { acceptAtTerminal } = await import('./witness-commands.ts');
      const { becomeOwnerOf } = await import('./folder-owner.ts');
      const { data } = load(flags);
      await becomeOwnerOf(data);
      const wasHeld = await acceptAtTerminal(data, reason, systemClock);
      process.stdout.write(wasHeld ? 'let go; the next checkpoint begins a new trail\n' : 'no trail was held\n');
    });
}

/** `rmm relay probe <host>`, for whichever program has the verb: the command line of a console has one of the same name. */
export const probeHere = {
  options: (command: Command): Command =>
    probeOptions(command).option('--config <file>', 'yaml file of the relay, with one host alone'),
  run: async (host: string, command: Command): Promise<void> => {
    const { probeAtTerminal } = await import('./probe-command.ts');
    const flags = command.opts<Flags & ProbeFlags>();
    const isSaid = command.getOptionValueSource('data') === 'cli';
    await probeAtTerminal(host, flags, load({ config: flags.config, data: isSaid ? flags.data : undefined }));
  },
};

/** In the relay's own program. */
export function addProbe(relay: Command): void {
  const probe = relay
    .command('probe <host>')
    .description('each step on the way to a Windows machine, as lines to paste into a report; no secret is in them')
    .option('--data <folder>', 'data folder of the relay')
    .option('--port <port>', 'WinRM on another port than 5986 and 5985');
  probeHere.options(probe).action((host: string) => probeHere.run(host, probe));
}

interface InstallFlags {
  data: string;
  user: string;
  root: string;
  program?: string;
  systemCredentials?: boolean;
}

function addInstall(relay: Command): void {
  relay
    .command('install')
    .description('write a hardened systemd unit for this relay, as root')
    .option('--data <folder>', 'data folder of the relay', '/var/lib/rmm-relay')
    .option('--user <user>', 'user it runs as', 'rmm-relay')
    .option('--program <file>', 'the launcher; the one beside this program when absent')
    .option('--root <folder>', 'write below this folder, for images', '/')
    .option('--system-credentials', 'the unit hands over keys that systemd keeps encrypted (rmm relay move-keys)')
    .action(async (flags: InstallFlags) => {
      const { installRelay } = await import('#relay/service/install.ts');
      const script = process.argv[1] ?? '';
      const program = flags.program ?? path.join(path.dirname(path.resolve(script)), 'rmm');
      const { unitFile, changed } = await installRelay({
        ...flags,
        program,
        hasSystemCredentials: flags.systemCredentials,
      });
      const what = changed.length === 0 ? 'nothing changed' : `made ${changed.join(', ')}`;
      process.stdout.write(
        `${what}\nnext: enroll it, then systemctl enable --now ${path.basename(unitFile, '.service')}\n`,
      );
    });
}

/** Gives `rmm relay`, for the console's verbs about relays. */
export function addRelayCommands(program: Command): Command {
  const relay = program.command('relay').description('a relay: the watcher of one site');
  addRun(relay);
  addEnroll(relay);
  addCredential(relay);
  addSealingKey(relay);
  addJobKey(relay);
  addMoveKeys(relay);
  addBreakGlass(relay);
  addWitness(relay);
  addInstall(relay);
  addOnboardCommands(program);
  return relay;
}
