// A refusal that asks who one is once more: one question for all requests that wait for it, then each is sent again by itself.
import { ORPCError } from '@orpc/client';

export const needsStepUp = (error: unknown): boolean =>
  error instanceof ORPCError && error.code === 'STEP_UP_REQUIRED' && error.status === 403;

/** Resolves to whether the person has proven themself. */
export type AskPerson = () => Promise<boolean>;

let ask: AskPerson | undefined;
let asked: Promise<boolean> | undefined;
/** Ends the question that is open. */
let leave: (() => void) | undefined;

/** The frame's dialogue; without one the refusal stays. When it goes, what waits for its answer keeps its refusal, too. */
export function onStepUp(question: AskPerson): () => void {
  ask = question;
  return () => {
    if (ask !== question) return;
    ask = undefined;
    leave?.();
  };
}

function askOnce(): Promise<boolean> {
  if (asked !== undefined) return asked;
  const left = new Promise<boolean>((resolve) => {
    leave = () => resolve(false);
  });
  asked = Promise.race([ask?.() ?? false, left]).finally(() => {
    asked = undefined;
    leave = undefined;
  });
  return asked;
}

/** Sends a request; when the console wants to know first who asks, asks the person and sends it once more. */
export async function withStepUp<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!needsStepUp(error) || !(await askOnce())) throw error;
    return await send();
  }
}
