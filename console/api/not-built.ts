// Operations of the contract whose room does not stand yet answer so; the list ends empty.
import { AppError } from '#shared/base/errors.ts';

export const notBuilt = (): never => {
  throw new AppError('unavailable', 'this operation is not built yet');
};
