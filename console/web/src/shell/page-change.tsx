// What a person without eyes on the screen learns of a new page: its name is said once, and the focus stands at its heading.
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { focusHeading } from './focus-place.ts';
import { pageName } from './page-title.ts';
import { t } from './text.ts';

/** A page that puts the focus somewhere itself knows better; else the heading takes it. */
function arrive(): void {
  const content = document.getElementById('content');
  const { activeElement } = document;
  if (activeElement === content || content?.contains(activeElement) !== true) focusHeading();
}

export function PageChange() {
  const router = useRouter();
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        // The first page is read out by the browser itself.
        if (!pathChanged || fromLocation === undefined) return;
        arrive();
        setSaid(t('arrived', { page: pageName() }));
      }),
    [router],
  );
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
