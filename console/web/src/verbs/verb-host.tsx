// Shows the dialog of the verb that was asked for; the dialogs come in a file of their own.
import { lazy, Suspense } from 'react';
import { endVerb, useAskedVerb } from './ask-verb.ts';

const VerbDialog = lazy(async () => ({ default: (await import('./verb-dialog.tsx')).VerbDialog }));

export function VerbHost() {
  const asked = useAskedVerb();
  if (asked === undefined) return null;
  return (
    <Suspense>
      <VerbDialog asked={asked} onClose={endVerb} />
    </Suspense>
  );
}
