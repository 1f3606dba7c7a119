// Somebody came in: nothing of who was here before stays, and one is led to where one may go.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { selection } from '#console/web/src/fleet/fleet.ts';
import { setHeldVerbs } from '#console/web/src/rights/may.ts';
import type { Me } from '#shared/contract/session-contract.ts';

export function useEnter(): (me: Me) => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (me) => {
      // Another tab may have left this one with what somebody else chose.
      queries.clear();
      selection.clear();
      setHeldVerbs(me.verbs);
      queries.setQueryData(['me'], me);
      await navigate({ to: me.mustEnrol ? '/set-up' : '/', replace: true });
    },
    [queries, navigate],
  );
}
