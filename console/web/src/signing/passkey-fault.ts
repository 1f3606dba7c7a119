// What goes wrong between a page and a passkey, as a sentence of this room's catalogue.
import { faultText } from '#console/web/src/api/fault.ts';
import { AppError } from '#shared/base/errors.ts';
import type { PasskeyObstacle } from './passkey-place.ts';
import { t } from './text.ts';

type FaultKey = PasskeyObstacle | 'noPasskeyHere' | 'otherPasskey' | 'notSigned' | 'notMade' | 'alreadyMade';

export class PasskeyFault extends Error {
  readonly key: FaultKey;
  constructor(key: FaultKey, options?: { cause?: unknown }) {
    super(key, options);
    this.name = 'PasskeyFault';
    this.key = key;
  }

  /** Browsers say little on purpose: a cancelled question, a time-out and a certificate they do not trust look alike. */
  static ofBrowser(cause: unknown, key: 'notSigned' | 'notMade'): PasskeyFault {
    const isKnown = cause instanceof DOMException && cause.name === 'InvalidStateError';
    return new PasskeyFault(isKnown ? 'alreadyMade' : key, { cause });
  }
}

/** One sentence for whatever ended a signing: of the passkey, of our own rules, or of the console. */
export function signingFault(error: unknown): string {
  if (error instanceof PasskeyFault) return t(error.key);
  if (error instanceof AppError) return t('ruleFault', { why: error.message });
  return faultText(error);
}
