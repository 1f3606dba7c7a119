// Joins what a broken glass needs: the folder of its person, the permit, the executor, and the outcomes that answer.
import { type BreakGlassDeps, BreakGlassDesk } from '#relay/execute/break-glass-desk.ts';
import { openGlassFolder } from '#relay/execute/glass-drop.ts';
import { PermitStore } from '#relay/pin/permit-store.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import { describeError } from '#shared/base/errors.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';

interface Parts extends Omit<BreakGlassDeps, 'permits' | 'executor' | 'outbox'> {
  stack: StopStack;
  spool: DurableSpool;
}

export interface BreakGlass {
  permits: PermitStore;
  /** The executor's outbox: the spool, and a person who waits. */
  outbox: Pick<DurableSpool, 'transact' | 'addRecord' | 'addRecords'>;
  /** A folder that is not this relay's own alone leaves the glass whole; the relay runs on. */
  start: (executor: BreakGlassDeps['executor']) => void;
}

export function composeBreakGlass({ stack, spool, ...parts }: Parts): BreakGlass {
  let desk: BreakGlassDesk | undefined;
  // An order that is taken up again at the start asks for its permit before the desk stands.
  const ended: Array<Parameters<BreakGlassDesk['ended']>> = [];
  const permits = new PermitStore(parts.data, {
    clock: parts.clock,
    onEnd: (...end) => void (desk === undefined ? ended.push(end) : desk.ended(...end)),
  });
  const outbox = afterCommit(spool, (outcomes) => desk?.observe(outcomes));
  const start = (executor: BreakGlassDeps['executor']) => {
    const made = new BreakGlassDesk({ ...parts, permits, executor, outbox: spool });
    desk = made;
    for (const end of ended.splice(0)) made.ended(...end);
    try {
      openGlassFolder(parts.data);
    } catch (error) {
      parts.log.error(describeError(error), 'the glass cannot be broken at this relay');
      return;
    }
    const stopping = new AbortController();
    const running = made.run(stopping.signal);
    stack.add('break-glass', async () => {
      stopping.abort();
      await running;
    });
  };
  return { permits, outbox, start };
}

/** Hands on outcomes once they are on disk: what was rolled back did not happen, and what was tried twice happened once. */
function afterCommit(spool: DurableSpool, onOutcomes: (outcomes: OutcomeRecord[]) => void): BreakGlass['outbox'] {
  /** Of the commit under way. */
  let within: OutcomeRecord[] | undefined;
  return {
    addRecord: (lane, record) => spool.addRecord(lane, record),
    addRecords: (lane, records) => {
      spool.addRecords(lane, records);
      const outcomes = records.filter((record): record is OutcomeRecord => record.type === 'outcome');
      if (within === undefined) onOutcomes(outcomes);
      else within.push(...outcomes);
    },
    transact: (work) => {
      if (within !== undefined) return spool.transact(work);
      const committed: OutcomeRecord[] = [];
      within = committed;
      try {
        const result = spool.transact((db) => {
          committed.length = 0;
          return work(db);
        });
        within = undefined;
        onOutcomes(committed);
        return result;
      } finally {
        within = undefined;
      }
    },
  };
}
