// Reads the event logs of a Windows machine from the marks on.
import type { EventFilter, EventMarks, EventReading } from '#relay/collect/event-log.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { askScript } from './ask-script.ts';
import { eventQuestions, MAX_ENTRIES } from './event-questions.ts';
import { parseEvents } from './parse-events.ts';

/** Formatting a message loads its publisher's library: five hundred take ten seconds on a slow machine. */
const LIMITS = { tier: 'events', timeoutMs: 50_000, maxOutputBytes: 8_388_608, maxRows: MAX_ENTRIES } as const;

export async function readEvents(
  session: Session,
  what: { filters: readonly EventFilter[]; marks: EventMarks },
  random: RandomBytes,
  signal: AbortSignal,
): Promise<Outcome<EventReading>> {
  const { filters, marks } = what;
  const answers = await askScript(session, eventQuestions(filters, marks), LIMITS, { random, signal });
  if (!answers.ok) return answers;
  // Without both there are no marks to go on from.
  for (const answer of [answers.value.entries, answers.value.logs]) if (!answer.ok) return answer;
  return succeed(parseEvents(answers.value, filters, marks));
}
