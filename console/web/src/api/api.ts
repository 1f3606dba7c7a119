// The typed client of the console's API, with the session cookie of this origin.

import { apiPrefix, routes } from 'virtual:contract-routes';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { JsonifiedClient } from '@orpc/openapi-client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { inertDeep, inertLines } from '#shared/base/inert-text.ts';
import { problemError, readableProblem } from '#shared/contract/problem-answer.ts';
import { earlyAnswer } from './early.ts';
import { withStepUp } from './step-up.ts';
import { noteTag } from './unchanged.ts';

/** Longer than the slowest read of a long span; a request that takes more is lost. */
const DEADLINE_MS = 30_000;

const isIterator = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const wire = {
  url: `${location.origin}${apiPrefix}`,
  customErrorResponseBodyDecoder: problemError,
  fetch: async (request: Request, init: RequestInit, _options: unknown, path: readonly string[]) => {
    // The feed stays open; whoever follows it watches its pulse.
    if (path.join('.') === 'system.changes') return readableProblem(await fetch(request, init));
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const answer = (await earlyAnswer(request)) ?? (await fetch(new Request(request, { signal }), init));
    noteTag(request.url, answer);
    return readableProblem(answer);
  },
};

/** A dangerous request may want its person proven once more: that is asked here, for every page. */
const stepUp = ({ next }: { next: () => Promise<unknown> }) => withStepUp(() => next());

const link = new OpenAPILink(routes, {
  ...wire,
  // Text of devices is made harmless here, once, for every page that is and will be.
  interceptors: [
    stepUp,
    async ({ next }) => {
      const answer = await next();
      if (isIterator(answer) || answer instanceof Blob) return answer;
      // Notes and addresses have lines, and a form writes back what it shows; a page draws a new line as a space elsewhere.
      return inertDeep(answer, inertLines);
    },
  ],
});

type Client = JsonifiedClient<ContractRouterClient<typeof routes>>;

export const api: Client = createORPCClient(link);

/**
 * The same answers as they came, byte by byte: for texts that are signed or hashed (charters, manifests, identities), and for
 * nothing that is shown. What is shown of them goes through `inert` or `inertLines` first.
 */
export const exactApi: Client = createORPCClient(new OpenAPILink(routes, { ...wire, interceptors: [stepUp] }));
