// Limits of the commands that race and forge jobs of file queues; a part of test/limits.ts.
import type { Limits } from './limits.ts';

export const QUEUE_LIMITS: Readonly<Record<string, Limits>> = {
  'chaos queue': {
    files: {
      min: 2_000,
      why: 'the promise is a thousand rounds: two claimants, and a relay that takes its job back',
      quick: { min: 80 },
    },
    withoutWinner: { max: 0, why: 'a job that two want is had by one of them' },
    withTwoWinners: { max: 0, why: 'and by one alone, so it runs once' },
    lost: { max: 0, why: 'its file stands in one place afterwards' },
    forged: { min: 200, why: 'unsigned, altered, expired, of another relay', quick: { min: 8 } },
    refused: { min: 200, why: 'each in writing', quick: { min: 8 } },
    ranForged: { max: 0, why: 'and none of them runs' },
  },
};
