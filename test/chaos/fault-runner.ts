// Carries out a plan of faults on an estate: kills and starts again at once, pauses, spoils the network. Counts what really happened.
import { systemClock } from '#shared/base/clock.ts';
import type { Estate } from './estate.ts';
import type { Fault, NetworkFault, Target } from './fault-plan.ts';
import type { Program } from './program.ts';
import type { FaultProxy } from './proxy.ts';
import { ackedEarly } from './stream-audit.ts';
import { readConsoleMarks, readSpoolMarks } from './stream-content.ts';

export class FaultRunner {
  readonly #estate: Estate;
  readonly #say: (line: string) => void;
  readonly counts = { killsConsole: 0, killsRelay: 0, pauses: 0, networkFaults: 0, ackedEarly: 0 };

  constructor(estate: Estate, say: (line: string) => void) {
    this.#estate = estate;
    this.#say = say;
  }

  get kills(): number {
    return this.counts.killsConsole + this.counts.killsRelay;
  }

  /** Returns when the last fault is over and everything was started again. */
  async run(plan: readonly Fault[]): Promise<void> {
    const startedAt = systemClock.monotonic();
    const under: Promise<void>[] = [];
    for (const fault of plan) {
      await systemClock.sleep(Math.max(0, startedAt + fault.atMs - systemClock.monotonic()));
      under.push(this.#break(fault));
    }
    await Promise.all(under);
    for (const { proxy } of this.#estate.relays) proxy.heal();
  }

  async #break(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        return await this.#kill(fault.target);
      case 'pause':
        if (await this.#programOf(fault.target)?.pause(fault.forMs)) this.counts.pauses += 1;
        return;
      case 'network': {
        const proxy = this.#estate.relays[fault.relay]?.proxy;
        if (proxy === undefined) return;
        this.counts.networkFaults += 1;
        return await spoil(proxy, fault.fault, fault.forMs);
      }
    }
  }

  #programOf(target: Target): Program | undefined {
    return target === 'console' ? this.#estate.console : this.#estate.relays[target]?.program;
  }

  async #kill(target: Target): Promise<void> {
    const program = this.#programOf(target);
    if (program === undefined || !(await program.kill())) return;
    if (target === 'console') {
      this.counts.killsConsole += 1;
      this.#lookForEarlyAcks();
    } else this.counts.killsRelay += 1;
    program.start();
  }

  /** The console is dead: what a relay's book calls durable by now must be in the file it left. */
  #lookForEarlyAcks(): void {
    for (const { id, index, folder } of this.#estate.relays) {
      const early = ackedEarly(readSpoolMarks(folder), readConsoleMarks(this.#estate.consoleFile, id));
      if (early > 0) this.#say(`relay ${index}: ${early} batches were acknowledged and are not stored`);
      this.counts.ackedEarly += early;
    }
  }
}

async function spoil(proxy: FaultProxy, fault: NetworkFault, forMs: number): Promise<void> {
  switch (fault) {
    case 'reset':
      return proxy.cut('rst');
    case 'close':
      return proxy.cut('fin');
    case 'truncate':
    case 'corrupt':
    case 'duplicate':
      return proxy.damage(fault, 'up');
    case 'stall':
      proxy.set({ isStalled: true });
      break;
    case 'black-hole':
      proxy.set({ isBlackHole: true });
      break;
    case 'refuse':
      proxy.set({ isRefusing: true });
      proxy.cut('rst');
      break;
    case 'slow':
      proxy.set({ delayMs: 80, jitterMs: 40, dropRatio: 0.05 });
      break;
  }
  await systemClock.sleep(forMs);
  proxy.heal();
}
