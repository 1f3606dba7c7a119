// What to do in front of a door that stays shut.
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { t } from './text.ts';

/** The same in every language. */
const SIGN_IN_COMMAND = 'npm run rmm -- sign-in';

export const CannotSignIn = ({ isOpen }: { isOpen: boolean }) => (
  <details open={isOpen} className="border-t border-line pt-2">
    <summary className="flex min-h-8 cursor-pointer items-center gap-2 text-muted">
      <span className="fold-arrow" aria-hidden="true" />
      {t('cannotSignIn')}
    </summary>
    <ul className="my-2 grid gap-1.5 pl-5">
      <li>{t('locked')}</li>
      <li>{t('lostPhone')}</li>
      <li>{t('lostAll')}</li>
      <li>{t('byMachine')}</li>
    </ul>
    <CopyBox label={t('signInCommand')} text={SIGN_IN_COMMAND} />
  </details>
);
