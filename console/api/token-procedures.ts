// API tokens of people: listed, made, revoked.
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

const notYet = (): never => {
  throw new AppError('unavailable', 'this console cannot do that yet');
};

export function tokenProcedures(os: Guarded, _services: ApiServices) {
  return {
    list: os.tokens.list.handler(notYet),
    create: os.tokens.create.handler(notYet),
    remove: os.tokens.remove.handler(notYet),
  };
}
