// One deed of the API behind a button: whether it is under way, and what went wrong with the last try, as a sentence.
import { useMutation } from '@tanstack/react-query';
import { faultText } from '#console/web/src/api/fault.ts';

export function useDeed<T>(deed: () => Promise<T>, onDone: (answer: T) => unknown) {
  const { isPending, error, mutate } = useMutation({ mutationFn: deed, onSuccess: onDone });
  return { isBusy: isPending, error: error === null ? '' : faultText(error), run: () => mutate() };
}
