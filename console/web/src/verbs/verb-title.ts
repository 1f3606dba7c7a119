// What a verb is called, alone and with whom it is done to.
import type { ChosenDevices } from './ask-verb.ts';
import { t } from './text.ts';
import { VERBS, type VerbName } from './verbs.ts';

export const verbTitle = (name: VerbName): string => t(VERBS[name].title);

/** "Change tags: srv-12", "Change tags: 40 devices". */
export function titleFor(name: VerbName, { ids, name: device }: ChosenDevices): string {
  const verb = verbTitle(name);
  return device !== undefined && ids.length === 1
    ? t('ofOne', { verb, device })
    : t('ofMany', { verb, count: ids.length });
}
