// Runs what a verb's dialog was filled in for: says what was done, reads again what it changed, and keeps its fault in sight.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';

/** What a change of devices may show in. */
const STALE = ['fleet', 'device', 'tags', 'groups', 'status', 'overview', 'facets'];

interface Run {
  isBusy: boolean;
  error: string | undefined;
  /** `work` does it and returns the sentence that says so. */
  run: (work: () => Promise<string>) => void;
}

export function useVerbRun({ asked, onClose }: VerbDialogProps): Run {
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async (work: () => Promise<string>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      toast.say(await work());
      for (const key of STALE) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
      asked.onDone?.();
    } catch (fault) {
      setError(faultText(fault));
      setIsBusy(false);
    }
  };
  return { isBusy, error, run: (work) => void run(work) };
}
