// Windows: questions to its CIM repository where the session leads there.
import type { ColdReading, Collector, HotReading } from '#relay/collect/collector.ts';
import type { CimSource } from '#relay/transport/cim.ts';
import type { Session } from '#relay/transport/transport.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { askCim, lineEnd } from './ask-cim.ts';
import { type Boot, bootOf } from './boot.ts';
import { failedServices } from './failed-services.ts';
import { type HotAnswers, parseWindowsHot } from './parse-hot.ts';
import { PERFORMANCE, STOPPED_SERVICES } from './performance-questions.ts';

/** A healthy machine answers in milliseconds; a poll as a whole has twenty seconds. */
const HOT_LIMITS = { timeoutMs: 8_000, maxInstances: 256, maxBytes: 1_048_576 };
/** A stopped service stays stopped, and the list costs the machine more than the counters. */
const SERVICES_EVERY_MS = 300_000;

/** What is kept from one reading of a session to the next. */
interface Memory {
  boot: Boot | undefined;
  failed: number | undefined;
  /** The machine's uptime when its services were asked for. */
  askedAtMs: number | undefined;
}

export function windowsCollector(): Collector {
  const memories = new WeakMap<Session, Memory>();
  const memoryOf = (session: Session): Memory => {
    const memory = memories.get(session) ?? { boot: undefined, failed: undefined, askedAtMs: undefined };
    memories.set(session, memory);
    return memory;
  };
  return {
    system: 'windows',
    collectHot: async (session, signal) =>
      session.cim === undefined
        ? fail('unsupported', 'this way leads to no CIM repository')
        : readHot(session.cim, memoryOf(session), signal),
    collectCold: async (): Promise<Outcome<ColdReading>> => succeed({ facts: [] }),
  };
}

async function readHot(source: CimSource, memory: Memory, signal: AbortSignal): Promise<Outcome<HotReading>> {
  const answers = await askCim(source, PERFORMANCE, HOT_LIMITS, signal);
  const end = lineEnd(answers);
  if (end !== undefined) return end;
  // Who may not read this may read nothing of it; saying why beats a reading full of holes.
  if (!answers.system.ok) return answers.system;
  noteBoot(answers, memory);
  await readServices(source, memory, signal);
  return succeed(parseWindowsHot(answers, { boot: memory.boot, failedServices: memory.failed }));
}

function noteBoot(answers: HotAnswers, memory: Memory): void {
  const [system] = answers.system.ok ? answers.system.value : [];
  const boot = bootOf(memory.boot, system?.LastBootUpTime, system?.LocalDateTime);
  if (boot?.number !== memory.boot?.number) memory.askedAtMs = undefined;
  memory.boot = boot;
}

async function readServices(source: CimSource, memory: Memory, signal: AbortSignal): Promise<void> {
  const uptimeMs = memory.boot?.uptimeMs ?? 0;
  if (memory.askedAtMs !== undefined && uptimeMs - memory.askedAtMs < SERVICES_EVERY_MS) return;
  const { stopped } = await askCim(source, STOPPED_SERVICES, HOT_LIMITS, signal);
  memory.askedAtMs = uptimeMs;
  memory.failed = stopped.ok ? failedServices(stopped.value) : undefined;
}
