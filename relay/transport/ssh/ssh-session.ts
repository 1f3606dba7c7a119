// One logged-in connection to a device: at most four channels, one of them kept free for polls, and an orderly end.
import type { Socket } from 'node:net';
import type { Client } from 'ssh2';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { DeviceShell, ShellRequest } from '#relay/transport/device-shell.ts';
import type { DeviceFacts } from '#relay/transport/host-identity.ts';
import { PermitGate, type Release } from '#relay/transport/permit-gate.ts';
import type { RemoteFiles } from '#relay/transport/remote-files.ts';
import { ScriptRun } from '#relay/transport/script-run.ts';
import type { RunRequest, RunResult, Session, SessionWay } from '#relay/transport/transport.ts';
import { type RemoteShellRun, readOverPowershell, writeOverPowershell } from '#relay/transport/winrm/winrm-files.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { ManifestId, RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { ENDED, endScript, NOTHING_RAN, tagOf } from './end-script.ts';
import { openSftp, sftpFailure } from './sftp-call.ts';
import { hashThere, readOverSftp, type SftpAccess, writeOverSftp } from './sftp-files.ts';
import { SftpRemote } from './sftp-remote.ts';
import { posixShell, type RemoteShell, SshCarrier } from './ssh-carrier.ts';
import { openSshShell } from './ssh-shell.ts';

// 4 of the 10 channels a default sshd gives: the rest stay for people and for killing what must end.
const MAX_CHANNELS = 4;
// Jobs and files leave one channel to the polls.
const MAX_JOBS = 3;
// Two people at one machine; a third has a machine of their own to look at.
const MAX_TERMINALS = 2;
// 64 waiting: more is a mistake of the caller.
const MAX_WAITING = 64;
// 10 min: 100 MB over a slow line.
const FILE_MS = 600_000;
// 10 s: 2 of them are what it may take, and a machine may be busy.
const END_MS = 10_000;
// 20 s: a place among the jobs and a subsystem that starts.
const OPEN_MS = 20_000;

export interface ConnectionDeps {
  clock: Clock;
  random: RandomBytes;
  client: Client;
  socket: Socket;
  name: string;
}

/** The connection before and after its identity is known. */
export class SshConnection {
  readonly #deps: ConnectionDeps;
  readonly #channels = new PermitGate({ name: 'channels', limit: MAX_CHANNELS, maxWaiting: MAX_WAITING });
  readonly #jobs = new PermitGate({ name: 'jobs', limit: MAX_JOBS, maxWaiting: MAX_WAITING });
  readonly #terminals = new PermitGate({ name: 'terminals', limit: MAX_TERMINALS, maxWaiting: 0 });
  /** `retired`: takes nothing new and ends with the last thing that runs on it. */
  #phase: 'open' | 'retired' | 'lost' = 'open';
  #running = 0;
  #shell = posixShell();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    deps.client.on('close', () => this.#lose());
    deps.client.on('end', () => this.#lose());
    // Without a listener an error would end the process; the close that follows is what counts.
    deps.client.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  setShell(shell: RemoteShell): void {
    this.#shell = shell;
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    return this.#inChannel(request.keepTruncated === true, request.timeoutMs, signal, async () => {
      const { clock, random, client, name } = this.#deps;
      const shell = this.#shell;
      const tag = request.order === undefined ? undefined : tagOf(request.order);
      const carrier = new SshCarrier({ client, clock, shell, tag, isLost: () => this.#phase === 'lost' });
      const deps = { clock, random, name, ...(shell.script && { shell: shell.script }) };
      const verdict = await new ScriptRun(request, carrier, deps).finish(signal);
      const { outcome } = verdict;
      const isDubious = !outcome.ok && (outcome.reason === 'timed-out' || outcome.reason === 'too-large');
      if (isDubious || !verdict.isClean) this.retire();
      return outcome;
    });
  }

  async withFiles<T>(signal: AbortSignal, act: (remote: SftpAccess) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#inChannel(true, FILE_MS, signal, async () => {
      using deadline = startDeadline(this.#deps.clock, FILE_MS, signal);
      const { client, clock, random } = this.#deps;
      const outcome = await act({
        client,
        clock,
        random,
        signal: deadline.signal,
        run: (request) => this.run(request, signal),
      });
      if (outcome.ok || outcome.reason !== 'cancelled') return outcome;
      this.retire();
      return deadline.isExpired ? fail('timed-out', `${this.#deps.name}: no end within ${FILE_MS} ms`) : outcome;
    });
  }

  /** Holds a job's channel until they are closed. */
  async openFiles(signal: AbortSignal, onClose: () => void, canHash: boolean): Promise<Outcome<RemoteFiles>> {
    const place = await this.#enter(true, OPEN_MS, signal);
    if (!place.ok) return place;
    this.#running += 1;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      place.value();
      this.#running -= 1;
      if (this.#phase === 'retired' && this.#running === 0) this.close();
    };
    const { client, clock, random, name } = this.#deps;
    using deadline = startDeadline(clock, OPEN_MS, signal);
    try {
      if (!this.isOpen) throw new Error('the connection is closed');
      const sftp = await openSftp(client, deadline.signal);
      const hash = (path: string, stop: AbortSignal) => hashThere((request) => this.run(request, stop), path);
      const hashOrNot = canHash ? hash : () => Promise.resolve(undefined);
      const closed = () => {
        if (!isHeld) return;
        release();
        onClose();
      };
      return succeed(new SftpRemote({ sftp, random, hashThere: hashOrNot, onClose: closed }));
    } catch (error) {
      release();
      return sftpFailure(name, error, deadline.signal);
    }
  }

  /** A terminal for a person. It takes no place of polls or jobs: a default sshd gives ten channels, and these are six. */
  async shell(request: ShellRequest): Promise<Outcome<DeviceShell>> {
    const { client, name } = this.#deps;
    if (!this.isOpen) return fail('lost', `${name}: the connection is closed`);
    const place = this.#terminals.tryEnter();
    if (place === undefined) return fail('refused', `${name}: ${MAX_TERMINALS} terminals are open there already`);
    this.#running += 1;
    return openSshShell(client, name, request, () => {
      place();
      this.#running -= 1;
      if (this.#phase === 'retired' && this.#running === 0) this.close();
    });
  }

  /** After a time-out channels may leak: nothing new runs here, and what runs may end. */
  retire(): void {
    if (this.#phase === 'open') this.#phase = 'retired';
    if (this.#running === 0) this.close();
  }

  /** For files through PowerShell, which takes them in scripts. */
  get shellRun(): RemoteShellRun {
    const { name, random } = this.#deps;
    return { name, random, run: (request, signal) => this.run(request, signal) };
  }

  close(): void {
    this.#deps.client.end();
    // A frozen peer would never answer the goodbye.
    this.#deps.socket.destroy();
    this.#lose();
  }

  #lose(): void {
    this.#phase = 'lost';
  }

  async #inChannel<T>(
    isJob: boolean,
    waitMs: number,
    signal: AbortSignal,
    act: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const place = await this.#enter(isJob, waitMs, signal);
    if (!place.ok) return place;
    this.#running += 1;
    try {
      return this.isOpen ? await act() : fail('lost', `${this.#deps.name}: the connection is closed`);
    } finally {
      place.value();
      this.#running -= 1;
      if (this.#phase === 'retired' && this.#running === 0) this.close();
    }
  }

  /** A job takes a job's place first, then a channel; one release gives both back. */
  async #enter(isJob: boolean, waitMs: number, signal: AbortSignal): Promise<Outcome<Release>> {
    if (!isJob) return this.#enterGate(this.#channels, waitMs, signal);
    const job = await this.#enterGate(this.#jobs, waitMs, signal);
    if (!job.ok) return job;
    const channel = await this.#enterGate(this.#channels, waitMs, signal);
    if (!channel.ok) {
      job.value();
      return channel;
    }
    return succeed(() => {
      channel.value();
      job.value();
    });
  }

  async #enterGate(gate: PermitGate, waitMs: number, signal: AbortSignal): Promise<Outcome<Release>> {
    const free = gate.tryEnter();
    if (free !== undefined) return succeed(free);
    const { clock, name } = this.#deps;
    using deadline = startDeadline(clock, waitMs, signal);
    return await gate.enter(deadline.signal, () =>
      deadline.isExpired ? fail('timed-out', `${name}: no free channel`) : fail('cancelled', `${name}: stopped by us`),
    );
  }
}

export class SshSession implements Session {
  readonly identity: DeviceFacts['identity'];
  readonly system: DeviceFacts['system'];
  readonly hostname: string | undefined;
  readonly address: string | undefined;
  readonly way: SessionWay;
  readonly #connection: SshConnection;

  constructor(
    facts: DeviceFacts,
    connection: SshConnection,
    { address, way }: { address: string | undefined; way: SessionWay },
  ) {
    this.identity = facts.identity;
    this.system = facts.system;
    this.hostname = facts.hostname;
    this.address = address;
    this.way = way;
    this.#connection = connection;
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    return this.#connection.run(request, signal);
  }

  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    if (this.system === 'windows') return readOverPowershell(this.#connection.shellRun, path, maxBytes, signal);
    return this.#connection.withFiles(signal, (remote) => readOverSftp(remote, path, maxBytes));
  }

  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    if (this.system === 'windows') return writeOverPowershell(this.#connection.shellRun, path, content, signal);
    return this.#connection.withFiles(signal, (remote) => writeOverSftp(remote, path, content));
  }

  /** What a shell of Windows calls a file is no POSIX text: there it is read back instead. */
  files(signal: AbortSignal, onClose: () => void): Promise<Outcome<RemoteFiles>> {
    return this.#connection.openFiles(signal, onClose, this.system !== 'windows');
  }

  openShell(request: ShellRequest): Promise<Outcome<DeviceShell>> {
    return this.#connection.shell(request);
  }

  async endRun({ order }: { order: ManifestId }, signal: AbortSignal): Promise<Outcome<boolean>> {
    if (this.system === 'windows') return fail('unsupported', 'what runs on Windows over SSH ends with its connection');
    const request = { script: endScript(tagOf(order)), timeoutMs: END_MS, maxOutputBytes: 1_024 };
    const ended = await this.run(request, signal);
    if (!ended.ok) return ended;
    const { end } = ended.value;
    if (end.kind !== 'exit' || (end.code !== ENDED && end.code !== NOTHING_RAN))
      return fail('malformed', 'what the order began could not be ended');
    return succeed(end.code === ENDED);
  }

  close(): void {
    this.#connection.close();
  }
}
