// A refusal that asks who one is once more: one question for all requests that wait for it, then each is sent again by itself.
import { ORPCError } from '@orpc/client';

export const needsStepUp = (error: unknown): boolean =>
  error instanceof ORPCError && error.code === 'STEP_UP_REQUIRED' && error.status === 403;

/** Resolves to whether the person has proven themself. */
export type AskPerson = () => Promise<boolean>;

let ask: AskPerson | undefined;
let asked: Promise<boolean> | undefined;

/** The frame's dialogue; without one the refusal stays. */
export function onStepUp(question: AskPerson): () => void {
  ask = question;
  return () => {
    if (ask === question) ask = undefined;
  };
}

function askOnce(): Promise<boolean> {
  asked ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asked = undefined;
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
