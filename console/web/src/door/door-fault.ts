// What went wrong at the door, as a sentence: one and the same for every refusal, whoever it was and whatever did not fit.
import { faultText, isSignedOut } from '#console/web/src/api/fault.ts';
import { PasskeyStop } from './passkey-browser.ts';
import { t } from './text.ts';

export function doorFault(error: unknown, refused: 'refused' | 'passkeyRefused' | undefined = undefined): string {
  if (error instanceof PasskeyStop) return t(error.key);
  if (refused !== undefined && isSignedOut(error)) return t(refused);
  return faultText(error);
}
