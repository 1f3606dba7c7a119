// Thousands of simulated SSH devices in one process: one socket, and the address a connection was made to says which device it meets.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import type { Behaviour } from './behaviour.ts';
import { modelIdentity } from './device-model.ts';
import { ed25519Key } from './ed25519-key.ts';
import { RunningDevice } from './lab-device.ts';
import { loopbackAddress } from './loopback-address.ts';
import type { MachineCounts } from './machine.ts';
import type { LabLogin } from './ssh-device.ts';

export interface LabOptions {
  devices: number;
  /** Address of device 0; the others follow. */
  base?: string;
  /** 0: any free port. */
  port?: number;
  seed?: number;
  /** Poll n of a device reads n in every series. */
  isAudit?: boolean;
  clock?: Clock;
  /** A folder where real shells run technicians' commands; without it the mini shell answers. */
  sandbox?: string;
}

/** A device as a test or a roster sees it: where it is, who it is, how to log in. */
export interface LabDevice {
  index: number;
  /** Where it stands at the start; `swap` moves the machine, not this. */
  address: string;
  port: number;
  name: string;
  identity: DeviceIdentity;
  hostKeyFingerprint: string;
  user: string;
  password: string;
  clientKeyPem: string;
}

export interface Lab {
  readonly port: number;
  readonly devices: readonly LabDevice[];
  /** Turns some of a device's switches; the others stay. */
  set(index: number, change: Partial<Behaviour>): void;
  heal(index: number): void;
  reboot(index: number): void;
  /** The two machines trade addresses, as after a new DHCP lease: open connections die. */
  swap(first: number, second: number): void;
  counts(): MachineCounts[];
  /** Content of a file that the mini shell or an upload wrote on the machine. */
  file(index: number, path: string): string | undefined;
  openConnections(): number;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Fits the accept queue of a whole lab that reconnects at once. */
const BACKLOG = 4_096;

class RunningLab implements Lab {
  readonly devices: readonly LabDevice[];
  readonly port: number;
  readonly #server: Server;
  readonly #running: RunningDevice[];
  readonly #atAddress: Map<string, RunningDevice>;

  constructor(server: Server, devices: LabDevice[], running: RunningDevice[]) {
    this.#server = server;
    this.devices = devices;
    this.#running = running;
    this.port = devices[0]?.port ?? 0;
    this.#atAddress = new Map(running.map((device, i) => [this.#device(i).address, device]));
    server.on('connection', (socket) => {
      const device = this.#atAddress.get(socket.localAddress ?? '');
      // The socket listens on all addresses so that one serves them all; what is no device of the lab gets nothing.
      if (device === undefined) resetSocket(socket);
      else device.accept(socket);
    });
  }

  set(index: number, change: Partial<Behaviour>): void {
    this.#machine(index).set(change);
  }

  heal(index: number): void {
    this.#machine(index).heal();
  }

  reboot(index: number): void {
    this.#machine(index).reboot();
  }

  swap(first: number, second: number): void {
    const [a, b] = [this.#machine(first), this.#machine(second)];
    const holders = [...this.#atAddress].filter(([, device]) => device === a || device === b);
    for (const [address, device] of holders) this.#atAddress.set(address, device === a ? b : a);
    a.cut();
    b.cut();
  }

  counts(): MachineCounts[] {
    return this.#running.map((device) => ({ ...device.machine.counts }));
  }

  file(index: number, path: string): string | undefined {
    return this.#machine(index).machine.files.get(path)?.toString('utf8');
  }

  openConnections(): number {
    return this.#running.reduce((sum, device) => sum + device.openConnections, 0);
  }

  async stop(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve([]);
    this.#server.close();
    for (const device of this.#running) device.stop();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #machine(index: number): RunningDevice {
    const device = this.#running[index];
    if (device === undefined) throw new Error(`the lab has no device ${index}`);
    return device;
  }

  #device(index: number): LabDevice {
    const device = this.devices[index];
    if (device === undefined) throw new Error(`the lab has no device ${index}`);
    return device;
  }
}

function makeLogin(): LabLogin {
  return { user: 'lab', password: randomBytes(18).toString('base64url'), key: ed25519Key(randomBytes(32)) };
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ noDelay: true });
  server.listen({ host: '0.0.0.0', port, backlog: BACKLOG });
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the lab has no TCP port');
  return address.port;
}

/** Starts a lab; who starts it stops it. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { devices: count, base = '127.20.0.1', seed = 1, isAudit = false, clock = systemClock, sandbox } = options;
  const login = makeLogin();
  const running = Array.from(
    { length: count },
    (_, index) => new RunningDevice({ seed, index, isAudit, clock, login, sandbox }),
  );
  const server = await listen(options.port ?? 0);
  const devices = running.map(({ machine }, index): LabDevice => {
    const hostKeyFingerprint = machine.hostKey.fingerprint;
    return {
      index,
      address: loopbackAddress(base, index),
      port: portOf(server),
      name: machine.model.name,
      identity: { ...modelIdentity(machine.model), hostKey: hostKeyFingerprint },
      hostKeyFingerprint,
      user: login.user,
      password: login.password,
      clientKeyPem: login.key.privateKey,
    };
  });
  return new RunningLab(server, devices, running);
}
