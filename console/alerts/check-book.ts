// What is known of a check by its id: its name, its type, what to do. Findings carry the id alone.
import { ALERT_TYPES, type AlertType } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';

/** Ask it for each: layers are signed anew, and a check may be gone. */
export interface CheckBook {
  find: (check: string) => Check | undefined;
}

/** A device that does not answer: what others depend on. */
export const DEVICE_DOWN = 'device.down';

/** By the first word of the id, for checks that nobody knows any more. */
const TYPE_OF_WORD: Readonly<Record<string, AlertType>> = {
  ...{ cpu: 'performance', memory: 'performance', disk: 'performance', network: 'performance', swap: 'performance' },
  ...{ device: 'availability', service: 'availability', relay: 'availability', site: 'availability' },
  ...{ certificate: 'security', security: 'security', patch: 'update', reboot: 'update', backup: 'compliance' },
  ...{ console: 'health' },
};

export interface CheckWords {
  name: string;
  type: AlertType;
  advice: string;
}

export function wordsOf(book: CheckBook, check: string): CheckWords {
  const known = book.find(check);
  if (known !== undefined) return known;
  const [word = ''] = check.split('.');
  const type = ALERT_TYPES.find((one) => one === word) ?? TYPE_OF_WORD[word] ?? 'custom';
  return { name: check, type, advice: '' };
}
