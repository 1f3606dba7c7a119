// German: the estate at a glance.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  title: 'Übersicht',
  toFleet: 'Alle Geräte',
  notRead: 'Die Übersicht konnte nicht gelesen werden.',
  reading: 'Die Übersicht wird gelesen',
} satisfies Translation<typeof en>;
