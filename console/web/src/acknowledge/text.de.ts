// German: the page behind the link of a message.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  title: 'Eine Störung übernehmen',
  reading: 'Es wird gefragt, wofür der Link ist',
  noToken: 'Diese Seite öffnet der Link einer Meldung.',
  notRead: 'Der Link gilt nicht: er ist vielleicht alt oder nur zum Teil kopiert.',
  began: 'Beginn',
  site: 'Standort',
  forWhom: 'Gesendet an',
  take: 'Ich kümmere mich darum',
  taking: 'Wird übernommen',
  taken: 'Sie ist Ihre, {name}. Sonst wird niemandem gemeldet, solange sie bleibt, wie sie ist.',
  state_used: 'Dieser Link wurde benutzt. Hier ist nichts mehr zu tun.',
  state_taken: 'Jemand hat sie schon übernommen.',
  state_over: 'Sie ist vorbei. Es ist nichts zu tun.',
  state_expired: 'Der Link ist zu alt. Melden Sie sich an, um sich darum zu kümmern.',
  onlyThis: 'Der Link kann diese eine Störung übernehmen, einmal, und sonst nichts.',
  toConsole: 'Zur Konsole',
} satisfies Translation<typeof en>;
