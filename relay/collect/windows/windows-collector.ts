// Windows: questions to its CIM repository where the session leads there, the same ones by PowerShell where it does not.
import type { Collector } from '#relay/collect/collector.ts';
import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { parseWindowsCold } from './parse-cold.ts';
import { readColdAnswers } from './read-cold.ts';
import { readEvents } from './read-events.ts';
import { type HotMemory, newHotMemory, readHot } from './read-hot.ts';

export function windowsCollector(random: RandomBytes): Collector {
  /** As long as a session lives; a machine that logs in anew is read anew. */
  const memories = new WeakMap<Session, HotMemory>();
  const memoryOf = (session: Session): HotMemory => {
    const memory = memories.get(session) ?? newHotMemory();
    memories.set(session, memory);
    return memory;
  };
  return {
    system: 'windows',
    collectHot: (session, signal) => readHot(session, memoryOf(session), random, signal),
    collectCold: async (session, signal) => {
      const answers = await readColdAnswers(session, random, signal);
      return answers.ok ? succeed(parseWindowsCold(answers.value)) : answers;
    },
    collectEvents: (session, what, signal) => readEvents(session, what, random, signal),
  };
}
