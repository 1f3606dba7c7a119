// Shows the question who one is, when a request waits for it; what it is made of comes when it is first asked.
import { lazy, Suspense, useEffect, useState } from 'react';
import { onStepUp } from '#console/web/src/api/step-up.ts';

const StepUpDialog = lazy(async () => ({ default: (await import('./step-up-dialog.tsx')).StepUpDialog }));

export function StepUpHost() {
  const [answer, setAnswer] = useState<(isProven: boolean) => void>();
  useEffect(
    () =>
      onStepUp(async () => {
        const isProven = await new Promise<boolean>((resolve) => setAnswer(() => resolve));
        setAnswer(undefined);
        return isProven;
      }),
    [],
  );
  if (answer === undefined) return null;
  return (
    <Suspense>
      <StepUpDialog onAnswer={answer} />
    </Suspense>
  );
}
