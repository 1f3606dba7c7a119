// Joins how well devices are with the fleet in memory.
import type { SiteWords } from '#console/policies/site-words.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import { HealthBoard } from '#console/query/health/health-board.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';

export interface HealthParts {
  store: Store;
  clock: Clock;
  log: Logger;
  fleet: FleetIndex;
  words: SiteWords;
}

export const composeHealth = ({ store, clock, log, fleet, words }: HealthParts): HealthBoard =>
  new HealthBoard({
    ...{ store, clock, rows: fleet.rows },
    words: () => words.read(),
    ready: () => fleet.settled(),
    onFailure: (error) => log.room('query').error(describeError(error), 'the health of devices could not be reckoned'),
  });
