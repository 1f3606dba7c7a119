// German: opening a session on a device, whatever it is for.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  reading: 'Das Gerät wird gelesen',
  notRead: 'Das Gerät oder die Charta seines Standorts konnte nicht gelesen werden.',
  reason: 'Grund',
  reasonHint: 'Er steht im Protokoll.',
  toBeSigned: 'Was Sie unterschreiben',
  honest:
    'Die Bytes sind zwischen dieser Seite und dem Relais versiegelt: Die Konsole trägt, was sie nicht lesen kann. Aber diese Seite kommt von der Konsole, und wer die Konsole hat, könnte sie ändern. Die Befehlszeile, von anderswo installiert, hat diese Schwäche nicht.',
  signing: 'Warten auf Ihren Passkey …',
  opening: 'Wird geöffnet …',
  openingLong: 'Wird geöffnet … Das Relais wartet die Zeit ab, in der es gestoppt werden kann, oder es ist nicht da.',
  waits: 'Es wartet auf die Unterschrift einer anderen Person: {link}.',
  waitsLink: 'wo sie unterschreibt',
  cancel: 'Abbrechen',
  keyNone: 'Das Relais hat keinen Siegelschlüssel genannt: Es ist nicht verbunden oder von einer älteren Version.',
  keyDiffers: 'Die Konsole sagt, der Schlüssel des Relais sei ein anderer als der, den Sie verglichen haben.',
  keyMissing:
    'Vergleichen Sie zuerst den Schlüssel des Relais: Lesen Sie ihn am Relais ab und tippen Sie ihn oben ein.',
} satisfies Translation<typeof en>;
