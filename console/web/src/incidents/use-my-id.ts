// Who looks: "given to me" means this person.
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '#console/web/src/shell/me.ts';

export const useMyId = (): string | undefined => useQuery(meQuery).data?.person;
