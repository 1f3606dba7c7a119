// German: signing with passkeys, and why it is not possible somewhere.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  obstacleInsecure:
    'Passkeys brauchen eine verschlüsselte Seite, und diese kam über einfaches HTTP. Öffnen Sie die Konsole als http://localhost oder unter einem DNS-Namen mit vertrauenswürdigem Zertifikat.',
  obstacleAddress:
    'Passkeys brauchen einen Namen, und diese Seite wurde unter einer bloßen Adresse geöffnet. Öffnen Sie die Konsole als http://localhost oder unter einem DNS-Namen mit vertrauenswürdigem Zertifikat.',
  obstacleBrowser: 'Dieser Browser kennt keine Passkeys.',
  noPasskeyHere: 'Kein Passkey, den die Charta nennt, lässt sich auf dieser Seite benutzen.',
  otherPasskey: 'Der Browser antwortete mit einem Passkey, den die Charta nicht nennt.',
  notSigned:
    'Es wurde nichts unterschrieben: Es wurde abgebrochen, es dauerte zu lange, der Passkey konnte Sie nicht prüfen, oder der Browser vertraut dem Zertifikat der Konsole nicht.',
  notMade:
    'Es wurde kein Passkey angelegt: Es wurde abgebrochen, es dauerte zu lange, das Gerät kann Sie nicht prüfen, oder der Browser vertraut dem Zertifikat der Konsole nicht.',
  alreadyMade: 'Dieses Gerät hat für diese Konsole schon einen Passkey.',
  ruleFault: 'Nicht unterschrieben: {why}.',
} satisfies Translation<typeof en>;
