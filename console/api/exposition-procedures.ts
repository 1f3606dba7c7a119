// The operations of the exposition in the contract's table; exposition-routes.ts answers them before the handler is asked.
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';

const elsewhere = (): never => {
  throw new AppError('internal', 'an exposition was asked of the wrong door');
};

export const expositionProcedures = (os: Guarded) => ({
  console: os.exposition.console.handler(elsewhere),
  site: os.exposition.site.handler(elsewhere),
  targets: os.exposition.targets.handler(elsewhere),
});
