// Counts what an audit lab made against what was stored: every poll n of a device reads n in each series, so loss and doubles show.
import { metricByName, type Series } from '#shared/model/metric-catalogue.ts';

export interface SequenceAudit {
  /** Polls the devices made. */
  made: number;
  /** Different ones of them that are stored. */
  stored: number;
  lost: number;
  /** Stored again. */
  dup: number;
  /** Records that no device made: a number never reached, or series that disagree. */
  wrong: number;
}

/** What no device counts: the boot's own id, and the relay's measure of the poll itself. */
const NOT_AUDITED = new Set(['system.boot', 'poll.duration'].map((name) => metricByName(name)?.id));

/** Whether a metric carries the poll's number in audit mode. */
export const isAudited = ({ metric }: Series): boolean => !NOT_AUDITED.has(metric);

/** The number a stored record carries; undefined when its series disagree, lack values, or are none. */
export function pollNumber(series: readonly Series[], values: readonly (number | undefined)[]): number | undefined {
  const numbers = new Set(
    values.filter((_, column) => {
      const one = series[column];
      return one !== undefined && isAudited(one);
    }),
  );
  const [number] = numbers;
  return numbers.size === 1 ? number : undefined;
}

/** One device: `stored` holds the number of each record in any order, undefined for a record whose series disagree. */
export function auditSequence(stored: ReadonlyArray<number | undefined>, made: number): SequenceAudit {
  const genuine = stored.filter((n) => n !== undefined && Number.isInteger(n) && n >= 1 && n <= made);
  const different = new Set(genuine).size;
  return {
    made,
    stored: different,
    lost: made - different,
    dup: genuine.length - different,
    wrong: stored.length - genuine.length,
  };
}

/** The audit of a whole lab. */
export const sumAudits = (audits: readonly SequenceAudit[]): SequenceAudit =>
  audits.reduce(
    (sum, one) => ({
      made: sum.made + one.made,
      stored: sum.stored + one.stored,
      lost: sum.lost + one.lost,
      dup: sum.dup + one.dup,
      wrong: sum.wrong + one.wrong,
    }),
    { made: 0, stored: 0, lost: 0, dup: 0, wrong: 0 },
  );
