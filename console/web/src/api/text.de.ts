// German: why the console did not answer.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  tooLong: 'Die Konsole hat zu lange nicht geantwortet.',
  silent: 'Die Konsole antwortet nicht. Vielleicht startet sie gerade, oder dieser Rechner ist offline.',
} satisfies Translation<typeof en>;
