// Reads a Windows machine's counters: over CIM where the session leads there, else by one script that asks the same.
import type { HotReading } from '#relay/collect/collector.ts';
import type { CimSource } from '#relay/transport/cim.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { askCim, lineEnd } from './ask-cim.ts';
import { askScript } from './ask-script.ts';
import { type Boot, bootOf } from './boot.ts';
import { failedServices } from './failed-services.ts';
import { type HotAnswers, parseWindowsHot } from './parse-hot.ts';
import { PERFORMANCE, STOPPED_SERVICES } from './performance-questions.ts';

/** A healthy machine answers in milliseconds; a poll as a whole has twenty seconds. */
const HOT_LIMITS = { timeoutMs: 8_000, maxInstances: 256, maxBytes: 1_048_576 };
const SCRIPT_LIMITS = { tier: 'hot', timeoutMs: 18_000, maxOutputBytes: 524_288, maxRows: 256 } as const;
/** A stopped service stays stopped, and the list costs the machine more than the counters. */
const SERVICES_EVERY_MS = 300_000;

/** What is kept from one reading of a session to the next. */
export interface HotMemory {
  boot: Boot | undefined;
  failed: number | undefined;
  /** The machine's uptime when its services were asked for. */
  askedAtMs: number | undefined;
}

export const newHotMemory = (): HotMemory => ({ boot: undefined, failed: undefined, askedAtMs: undefined });

export function readHot(
  session: Session,
  memory: HotMemory,
  random: RandomBytes,
  signal: AbortSignal,
): Promise<Outcome<HotReading>> {
  const { cim } = session;
  return cim === undefined ? readByScript(session, memory, random, signal) : readByCim(cim, memory, signal);
}

async function readByCim(source: CimSource, memory: HotMemory, signal: AbortSignal): Promise<Outcome<HotReading>> {
  const answers = await askCim(source, PERFORMANCE, HOT_LIMITS, signal);
  const end = lineEnd(answers);
  if (end !== undefined) return end;
  // Who may not read this may read nothing of it; saying why beats a reading full of holes.
  if (!answers.system.ok) return answers.system;
  noteBoot(answers, memory);
  await readServices(source, memory, signal);
  return succeed(parseWindowsHot(answers, { boot: memory.boot, failedServices: memory.failed }));
}

/** One process more or less on the machine: the services come with the counters. */
async function readByScript(
  session: Session,
  memory: HotMemory,
  random: RandomBytes,
  signal: AbortSignal,
): Promise<Outcome<HotReading>> {
  const asked = { ...PERFORMANCE, ...STOPPED_SERVICES };
  const answers = await askScript(session, asked, SCRIPT_LIMITS, { random, signal });
  if (!answers.ok) return answers;
  const { stopped, ...counters } = answers.value;
  if (!counters.system.ok) return counters.system;
  noteBoot(counters, memory);
  memory.failed = stopped.ok ? failedServices(stopped.value) : undefined;
  return succeed(parseWindowsHot(counters, { boot: memory.boot, failedServices: memory.failed }));
}

function noteBoot(answers: HotAnswers, memory: HotMemory): void {
  const [system] = answers.system.ok ? answers.system.value : [];
  const boot = bootOf(memory.boot, system?.LastBootUpTime, system?.LocalDateTime);
  if (boot?.number !== memory.boot?.number) memory.askedAtMs = undefined;
  memory.boot = boot;
}

async function readServices(source: CimSource, memory: HotMemory, signal: AbortSignal): Promise<void> {
  const uptimeMs = memory.boot?.uptimeMs ?? 0;
  if (memory.askedAtMs !== undefined && uptimeMs - memory.askedAtMs < SERVICES_EVERY_MS) return;
  const { stopped } = await askCim(source, STOPPED_SERVICES, HOT_LIMITS, signal);
  memory.askedAtMs = uptimeMs;
  memory.failed = stopped.ok ? failedServices(stopped.value) : undefined;
}
