// Ends the session and leads to the door.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { selection } from '#console/web/src/fleet/fleet.ts';
import { forgetPerson } from './forget-person.ts';

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    await api.session.remove();
    forgetPerson({ queries, selection });
    await navigate({ to: '/sign-in' });
  }, [queries, navigate]);
}
