// The SSH face of one simulated machine: its host key, its logins, its exec channels.
import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2';
import type { Clock } from '#shared/base/clock.ts';
import { greet, spoil } from './bad-output.ts';
import type { SshKey } from './ed25519-key.ts';
import { type ExecOutput, execOutput } from './exec-output.ts';
import type { SimulatedMachine } from './machine.ts';
import { runScript } from './mini-shell.ts';
import { Killed, type ProcessGroup } from './process-groups.ts';
import { runRealShell, type ShellEnd } from './real-shell.ts';
import { type ReceivedScript, receiveScript } from './received-script.ts';
import { type RecognisedScript, recognise } from './script-recogniser.ts';
import { serveSftp } from './sftp.ts';

/** One login for the whole lab. */
export interface LabLogin {
  user: string;
  password: string;
  key: SshKey;
}

export interface SshDeviceDeps {
  machine: SimulatedMachine;
  login: LabLogin;
  clock: Clock;
  /** Resolves at once unless the machine is frozen; then when it is not any more. */
  thawed: () => Promise<void>;
  /** A folder for real shells; without it the mini shell answers. */
  sandbox?: string | undefined;
}

/** The device never asks whether the client lives: sshd by default does not, and a frozen one could not. */
const NEVER_MS = 2 ** 31 - 1;

const isEqual = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

function isWelcome(context: AuthContext, login: LabLogin): boolean {
  if (context.username !== login.user) return false;
  if (context.method === 'password') return isEqual(Buffer.from(context.password), Buffer.from(login.password));
  if (context.method !== 'publickey') return false;
  if (context.key.algo !== 'ssh-ed25519' || !isEqual(context.key.data, login.key.publicBlob)) return false;
  if (context.signature === undefined || context.blob === undefined) return true; // asks whether the key would do
  const key = ssh2.utils.parseKey(login.key.publicLine);
  return !(key instanceof Error) && key.verify(context.blob, context.signature) === true;
}

export class SshDevice {
  readonly #deps: SshDeviceDeps;
  /** One server per host key, never listening: sockets are handed to it. */
  readonly #servers = new Map<string, ssh2.Server>();

  constructor(deps: SshDeviceDeps) {
    this.#deps = deps;
  }

  /** Speaks SSH on a socket that was accepted for this machine's address. */
  serve(socket: Socket): void {
    this.#deps.machine.counts.connections += 1;
    this.#server(this.#deps.machine.hostKey).injectSocket(socket);
  }

  #server(key: SshKey): ssh2.Server {
    const known = this.#servers.get(key.fingerprint);
    if (known !== undefined) return known;
    const server = new ssh2.Server(
      {
        hostKeys: [key.privateKey],
        ident: 'OpenSSH_9.2p1 Debian-2+deb12u3',
        keepaliveInterval: NEVER_MS,
        keepaliveCountMax: Number.MAX_SAFE_INTEGER,
      },
      (connection) => this.#welcome(connection),
    );
    this.#servers.set(key.fingerprint, server);
    return server;
  }

  #welcome(connection: Connection): void {
    const { machine, login, thawed } = this.#deps;
    connection.on('error', () => undefined); // a cut connection is what the lab is for; 'close' follows
    connection.on('authentication', (context) => {
      void thawed().then(() => {
        if (!machine.behaviour.refusesLogin && isWelcome(context, login)) return context.accept();
        if (context.method !== 'none') machine.counts.refusedLogins += 1;
        context.reject(['publickey', 'password']);
      });
    });
    connection.on('ready', () => {
      machine.counts.logins += 1;
    });
    connection.on('session', (accept) => {
      const session = accept();
      this.#openExec(session);
      this.#openFiles(session);
    });
  }

  #openExec(session: Session): void {
    session.on('exec', (accept, _reject, info) => {
      const channel = accept();
      channel.on('error', () => undefined); // 'close' follows
      void this.#exec(channel, info.command).catch(() => channel.destroy());
    });
  }

  #openFiles(session: Session): void {
    session.on('sftp', (accept) => {
      const sftp = accept();
      sftp.on('error', () => undefined); // a client that leaves in mid-transfer; the channel closes
      serveSftp(sftp, this.#deps.machine.files);
    });
  }

  async #exec(channel: ServerChannel, command: string): Promise<void> {
    const { machine, thawed } = this.#deps;
    const group = machine.groups.start();
    channel.once('close', () => group.kill('TERM'));
    try {
      const received = await receiveScript(channel, () => group.kill('TERM'));
      const script = received.script === '' ? command : received.script;
      const end = await this.#run({ ...received, script }, group, channel);
      await thawed();
      if ('code' in end) channel.exit(end.code);
      else channel.exit(end.signal, false, '');
      channel.end();
    } finally {
      machine.groups.end(group.id);
    }
  }

  async #run({ script, nonce }: ReceivedScript, group: ProcessGroup, channel: ServerChannel): Promise<ShellEnd> {
    const { machine, clock, thawed } = this.#deps;
    const output = execOutput({
      stdout: channel,
      stderr: channel.stderr,
      signal: group.signal,
      mayWrite: thawed,
    });
    try {
      if (machine.behaviour.delayMs > 0) await clock.sleep(machine.behaviour.delayMs, group.signal);
      await thawed();
      const known = recognise(script);
      const { output: noise, spoilsIdentity } = machine.behaviour;
      const isSpared = known?.kind === 'kill' || (known?.kind === 'identity' && !spoilsIdentity);
      const isSpoilt = noise !== 'healthy' && !isSpared;
      if (isSpoilt) await greet(noise, output);
      if (nonce !== undefined) {
        await output.stdout(`${nonce} ${group.id}\n`);
        await output.stderr(`${nonce} ${group.id}\n`);
      }
      if (isSpoilt && !(await spoil(noise, output))) return { code: 0 };
      return await this.#answer(known, script, output);
    } catch (error) {
      if (group.signal.reason instanceof Killed) return { signal: group.signal.reason.signal };
      throw error;
    }
  }

  async #answer(known: RecognisedScript | undefined, script: string, output: ExecOutput): Promise<ShellEnd> {
    const { machine, clock, sandbox } = this.#deps;
    if (known !== undefined) {
      await output.stdout(known.answer(machine));
      if (known.kind === 'hot') machine.counts.answeredPolls += 1;
      return { code: 0 };
    }
    machine.counts.commands += 1;
    if (sandbox !== undefined) return runRealShell(script, sandbox, machine.model.name, output);
    return { code: await runScript(script, { machine, clock, output }) };
  }
}
