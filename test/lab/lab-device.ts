// One device of a lab: its machine, its SSH face, and the connections it holds; turns its switches into what happens to them.
import type { Socket } from 'node:net';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { type Behaviour, HEALTHY } from './behaviour.ts';
import { Gate } from './gate.ts';
import { type MachineOptions, SimulatedMachine } from './machine.ts';
import { type LabLogin, SshDevice } from './ssh-device.ts';

export interface LabDeviceOptions extends MachineOptions {
  login: LabLogin;
  sandbox?: string | undefined;
}

export class RunningDevice {
  readonly machine: SimulatedMachine;
  readonly #ssh: SshDevice;
  readonly #gate = new Gate();
  readonly #sockets = new Set<Socket>();
  /** Accepted while frozen: served when the device thaws. */
  readonly #waiting = new Set<Socket>();

  constructor({ login, sandbox, ...options }: LabDeviceOptions) {
    this.machine = new SimulatedMachine(options);
    const thawed = () => this.#gate.pass();
    this.#ssh = new SshDevice({ machine: this.machine, login, clock: options.clock, thawed, sandbox });
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Takes a connection that was made to the address this device holds now. */
  accept(socket: Socket): void {
    socket.on('error', () => undefined); // 'close' follows
    if (this.machine.behaviour.isDown) return void resetSocket(socket);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#waiting.delete(socket);
    });
    if (this.#gate.isShut) this.#waiting.add(socket.pause());
    else this.#ssh.serve(socket);
  }

  set(change: Partial<Behaviour>): void {
    const behaviour = { ...this.machine.behaviour, ...change };
    this.machine.behaviour = behaviour;
    if (behaviour.isDown) this.cut();
    if (behaviour.isFrozen) this.#freeze();
    else this.#thaw();
  }

  heal(): void {
    this.set(HEALTHY);
  }

  reboot(): void {
    this.cut();
    this.machine.reboot();
  }

  /** Ends every connection without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets) resetSocket(socket);
  }

  stop(): void {
    this.cut();
    this.#gate.open();
  }

  #freeze(): void {
    this.#gate.shut();
    for (const socket of this.#sockets) socket.pause();
  }

  #thaw(): void {
    if (!this.#gate.isShut) return;
    this.#gate.open();
    for (const socket of this.#sockets) {
      if (this.#waiting.delete(socket)) this.#ssh.serve(socket);
      socket.resume();
    }
  }
}
