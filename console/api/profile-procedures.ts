// What a person signs in with, shown and changed by that person alone.
import type { ApiContext } from './api-context.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';
import { ownCaller, placeOf } from './session-procedures.ts';

export function profileProcedures(os: Guarded, { signIn: { factors } }: ApiServices) {
  const profile = (context: ApiContext) => factors.profile(ownCaller(context).actor);
  const after = async (context: ApiContext, change: Promise<void>) => {
    await change;
    return await profile(context);
  };
  return {
    show: os.profile.show.handler(({ context }) => profile(context)),
    putPassword: os.profile.putPassword.handler(({ input, context }) =>
      after(context, factors.putPassword(ownCaller(context), input.password)),
    ),
    newTotp: os.profile.newTotp.handler(({ context }) => factors.newTotp(ownCaller(context))),
    confirmTotp: os.profile.confirmTotp.handler(({ input, context }) =>
      after(context, factors.confirmTotp(ownCaller(context), input.code)),
    ),
    removeTotp: os.profile.removeTotp.handler(({ context }) => after(context, factors.removeTotp(ownCaller(context)))),
    passkeyChallenge: os.profile.passkeyChallenge.handler(({ context }) =>
      factors.passkeyChallenge(ownCaller(context), placeOf(context)),
    ),
    addPasskey: os.profile.addPasskey.handler(({ input, context }) =>
      after(context, factors.addPasskey(ownCaller(context), input, placeOf(context))),
    ),
    removePasskey: os.profile.removePasskey.handler(({ input, context }) =>
      after(context, factors.removePasskey(ownCaller(context), input.id)),
    ),
    newRecoveryCodes: os.profile.newRecoveryCodes.handler(async ({ context }) => ({
      codes: await factors.newRecoveryCodes(ownCaller(context)),
    })),
  };
}
