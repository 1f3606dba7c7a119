// The WinRS shells of a fake host (MS-WSMV 3.1.4.5 and on): made, used and deleted, within the quotas of the service.
import type { Clock } from '#shared/base/clock.ts';
import type { HostLimits } from './host-mode.ts';
import type { Program } from './program.ts';
import { ShellCommand } from './shell-command.ts';
import { FAULTS } from './wsman-fault.ts';

export interface Shell {
  id: string;
  owner: string;
  environment: ReadonlyMap<string, string>;
  commands: Map<string, ShellCommand>;
  /** Commands begun in its life: WinRS never gives an operation back before the shell goes. */
  begun: number;
  touchedAt: number;
}

export interface ShellsDeps {
  limits: HostLimits;
  clock: Clock;
  newId: () => string;
  programFor: (commandLine: string) => Program;
  pieceBytes: () => number;
}

export class Shells {
  readonly #deps: ShellsDeps;
  readonly #open = new Map<string, Shell>();
  /** All that ever ran, by command line. */
  readonly begun: string[] = [];

  constructor(deps: ShellsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    this.#sweep();
    return this.#open.size;
  }

  running(): number {
    return [...this.#open.values()].flatMap(({ commands }) => [...commands.values()]).filter((one) => one.isRunning)
      .length;
  }

  operationsOf(owner: string): number {
    return this.#ofUser(owner).reduce((sum, { begun }) => sum + begun, 0);
  }

  create(owner: string, environment: ReadonlyMap<string, string>, wanted: string | undefined): Shell {
    const { limits, clock, newId } = this.#deps;
    this.#sweep();
    if (this.#ofUser(owner).length >= limits.maxShellsPerUser) throw FAULTS.tooManyShells(limits.maxShellsPerUser);
    const users = new Set([...this.#open.values()].map((shell) => shell.owner)).add(owner);
    if (users.size > limits.maxShellUsers) throw FAULTS.tooManyShellUsers(limits.maxShellUsers);
    const id = wanted ?? newId();
    const shell = { id, owner, environment, commands: new Map(), begun: 0, touchedAt: clock.now() };
    this.#open.set(id, shell);
    return shell;
  }

  /** A shell answers only whoever made it. */
  shell(id: string | undefined, owner: string): Shell {
    this.#sweep();
    const shell = this.#open.get(id ?? '');
    if (shell === undefined) throw FAULTS.noShell();
    if (shell.owner !== owner) throw FAULTS.accessDenied();
    shell.touchedAt = this.#deps.clock.now();
    return shell;
  }

  command(shell: Shell, commandLine: string): ShellCommand {
    const { limits, clock, newId, programFor, pieceBytes } = this.#deps;
    if (this.operationsOf(shell.owner) >= limits.maxOperationsPerUser)
      throw FAULTS.tooManyOperations(limits.maxOperationsPerUser);
    shell.begun += 1;
    this.begun.push(commandLine);
    // What is kept of them is bounded: a lab runs for days.
    if (this.begun.length > 5_000) this.begun.shift();
    const { environment } = shell;
    const program = programFor(commandLine);
    const command = new ShellCommand({
      id: newId(),
      commandLine,
      environment,
      program,
      clock,
      pieceBytes: pieceBytes(),
    });
    shell.commands.set(command.id, command);
    return command;
  }

  commandOf(shell: Shell, id: string | undefined): ShellCommand {
    const command = shell.commands.get(id ?? '');
    if (command === undefined) throw FAULTS.noCommand();
    return command;
  }

  delete(shell: Shell): void {
    for (const command of shell.commands.values()) command.terminate();
    this.#open.delete(shell.id);
  }

  stop(): void {
    for (const shell of this.#open.values()) this.delete(shell);
  }

  #ofUser(owner: string): Shell[] {
    return [...this.#open.values()].filter((shell) => shell.owner === owner);
  }

  #sweep(): void {
    const oldest = this.#deps.clock.now() - this.#deps.limits.shellIdleMs;
    for (const shell of this.#open.values()) if (shell.touchedAt < oldest) this.delete(shell);
  }
}
