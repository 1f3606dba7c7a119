// Reads the inventory: classes over CIM where the session leads there, the rest and all else by one script.
import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { askCim, lineEnd } from './ask-cim.ts';
import { allFailed, askScript } from './ask-script.ts';
import { COLD, type ColdAnswers, SCRIPTED } from './cold-questions.ts';

/** A class of two thousand rules takes seconds; none may hold up the counters, which wait twenty seconds at most for the same line. */
const CIM_LIMITS = { timeoutMs: 12_000, maxInstances: 5_000, maxBytes: 8_388_608, isPatient: true };
/** The update agent reads its database for half a minute on a slow machine. */
const SCRIPT_LIMITS = { tier: 'cold', timeoutMs: 110_000, maxOutputBytes: 4_194_304, maxRows: 5_000 } as const;

export async function readColdAnswers(
  session: Session,
  random: RandomBytes,
  signal: AbortSignal,
): Promise<Outcome<ColdAnswers>> {
  if (session.cim === undefined) return askScript(session, { ...COLD, ...SCRIPTED }, SCRIPT_LIMITS, { random, signal });
  const answers = await askCim(session.cim, COLD, CIM_LIMITS, signal);
  const end = lineEnd(answers);
  if (end !== undefined && end.reason !== 'timed-out') return end;
  const scripted = await askScript(session, SCRIPTED, SCRIPT_LIMITS, { random, signal });
  // A login that may ask and not run still has an inventory.
  return succeed({ ...answers, ...(scripted.ok ? scripted.value : allFailed(SCRIPTED, scripted)) });
}
