// Hundreds of simulated Windows machines in one process: two sockets, and the address a connection was made to says which it meets.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { FakeWindows } from '#test/peers/windows-host/fake-windows.ts';
import type { HostCounts } from '#test/peers/windows-host/host-counts.ts';
import type { HostMode } from '#test/peers/windows-host/host-mode.ts';
import { runPowerShell } from '#test/peers/windows-host/powershell.ts';
import { programFor } from '#test/peers/windows-host/programs.ts';
import { WindowsMachine } from '#test/peers/windows-host/windows-machine.ts';
import { loopbackAddress } from './loopback-address.ts';

export interface WindowsLabOptions {
  devices: number;
  /** Address of device 0; the others follow. */
  base?: string;
  /** Of HTTP and HTTPS; 0: any free port. */
  port?: number;
  tlsPort?: number;
  seed?: number;
  clock?: Clock;
  /** NetBIOS domain of all of them; without it each is in a workgroup. */
  domain?: string;
  /** One password for the whole lab; without it one is drawn. */
  password?: string;
}

/** A device as a test or a roster sees it: where it is, who it is, how to log in. */
export interface WindowsLabDevice {
  index: number;
  address: string;
  port: number;
  tlsPort: number;
  name: string;
  user: string;
  password: string;
}

export interface WindowsLab {
  readonly devices: readonly WindowsLabDevice[];
  host(index: number): FakeWindows;
  machine(index: number): WindowsMachine;
  set(index: number, change: Partial<HostMode>): void;
  counts(): HostCounts[];
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Fits the accept queue of a whole lab that reconnects at once. */
const BACKLOG = 4_096;
const USER = 'monitor';

interface LabMachine {
  machine: WindowsMachine;
  host: FakeWindows;
}

function labMachine(options: WindowsLabOptions, index: number, password: string): LabMachine {
  const { base = '127.40.0.1', seed = 1, clock = systemClock, domain } = options;
  const address = loopbackAddress(base, index);
  const machine = new WindowsMachine({ seed, index, clock, address, domain });
  const host = new FakeWindows({
    machine: machine.name,
    domain,
    keySeed: machine.base.hostKeySeed,
    accounts: [{ user: USER, password }],
    clock,
    cim: machine.cim,
    programFor: (line) => programFor(line, { powershell: (script, io) => runPowerShell(script, io, machine), address }),
  });
  machine.sees = () => host.mode;
  return { machine, host };
}

/** A certificate is made when somebody first asks for it: five hundred at once would hold up the start for seconds. */
async function acceptTls(
  host: FakeWindows,
  socket: Socket,
  pending: Map<FakeWindows, Promise<unknown>>,
): Promise<void> {
  if (host.certificate === undefined) {
    const made = pending.get(host) ?? host.renewCertificate('own');
    pending.set(host, made);
    socket.on('error', () => undefined); // 'close' follows
    await made;
    pending.delete(host);
  }
  host.accept(socket, true);
}

async function listen(port: number, serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true }, serve);
  server.listen({ host: '0.0.0.0', port, backlog: BACKLOG });
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the lab has no TCP port');
  return bound.port;
}

async function closed(server: Server): Promise<void> {
  const over = once(server, 'close');
  server.close();
  await over;
}

/** Starts a lab; who starts it stops it. */
export async function startWindowsLab(options: WindowsLabOptions): Promise<WindowsLab> {
  const password = options.password ?? randomBytes(18).toString('base64url');
  const machines = Array.from({ length: options.devices }, (_, index) => labMachine(options, index, password));
  const atAddress = new Map(machines.map(({ machine, host }) => [machine.address, host]));
  const pending = new Map<FakeWindows, Promise<unknown>>();
  const serve = (isTls: boolean) => (socket: Socket) => {
    const host = atAddress.get(socket.localAddress ?? '');
    // The socket listens on all addresses so that one serves them all; what is no device of the lab gets nothing.
    if (host === undefined) resetSocket(socket);
    else if (isTls) void acceptTls(host, socket, pending);
    else host.accept(socket, false);
  };
  const http = await listen(options.port ?? 0, serve(false));
  const https = await listen(options.tlsPort ?? 0, serve(true));
  const at = (index: number): LabMachine => {
    const found = machines[index];
    if (found === undefined) throw new Error(`the lab has no device ${index}`);
    return found;
  };
  const stop = async () => {
    const over = Promise.all([closed(http), closed(https)]);
    for (const { host } of machines) host.stop();
    await over;
  };
  const ports = { port: portOf(http), tlsPort: portOf(https) };
  return {
    devices: machines.map(({ machine: { name, address } }, index) => ({
      index,
      address,
      ...ports,
      name,
      user: USER,
      password,
    })),
    host: (index) => at(index).host,
    machine: (index) => at(index).machine,
    set: (index, change) => at(index).host.set(change),
    counts: () => machines.map(({ host }) => structuredClone(host.counts)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
