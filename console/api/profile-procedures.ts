// What a person signs in with, shown and changed by that person alone.
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

const notYet = (): never => {
  throw new AppError('unavailable', 'this console cannot do that yet');
};

export function profileProcedures(os: Guarded, _services: ApiServices) {
  return {
    show: os.profile.show.handler(notYet),
    putPassword: os.profile.putPassword.handler(notYet),
    newTotp: os.profile.newTotp.handler(notYet),
    confirmTotp: os.profile.confirmTotp.handler(notYet),
    removeTotp: os.profile.removeTotp.handler(notYet),
    passkeyChallenge: os.profile.passkeyChallenge.handler(notYet),
    addPasskey: os.profile.addPasskey.handler(notYet),
    removePasskey: os.profile.removePasskey.handler(notYet),
    newRecoveryCodes: os.profile.newRecoveryCodes.handler(notYet),
  };
}
