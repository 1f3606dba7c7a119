// What the pages of standing orders read: the texts as they were signed, what their relays did, and what fits a rule.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, exactApi } from '#console/web/src/api/api.ts';
import { AppError } from '#shared/base/errors.ts';
import type { StandingSummary } from '#shared/contract/standing-contract.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { readStanding } from '#shared/seal/standing-seal.ts';

export const STANDING = ['standing'];
/** Firings are told by the feed as actions of their own; the list follows within this. */
const FRESH_MS = 10_000;

export interface Stood {
  summary: StandingSummary;
  /** Read from the signed text: what the console says of it beside is not taken. */
  order: StandingOrder;
}

/** Undefined of a text that is no standing order of this id: a page does not show what nobody has signed. */
function stoodOf(summary: StandingSummary): Stood | undefined {
  try {
    const order = readStanding(summary.signed);
    return order.kind === 'standing' && order.id === summary.id ? { summary, order } : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

export interface StoodList {
  items: Stood[];
  unreadable: number;
}

export const useStandingOrders = (siteId?: string) =>
  useQuery({
    queryKey: [...STANDING, 'list', siteId ?? ''],
    refetchInterval: FRESH_MS,
    queryFn: async ({ signal }): Promise<StoodList> => {
      const { items } = await exactApi.standing.list(siteId === undefined ? {} : { siteId }, { signal });
      const read = items.flatMap((one) => stoodOf(one) ?? []);
      return { items: read, unreadable: items.length - read.length };
    },
  });

export const standingQuery = (id: string) =>
  queryOptions({
    queryKey: [...STANDING, 'show', id],
    refetchInterval: FRESH_MS,
    queryFn: async ({ signal }): Promise<Stood> => {
      const stood = stoodOf(await exactApi.standing.show({ id }, { signal }));
      if (stood === undefined) throw new AppError('signature-invalid', `standing order ${id} cannot be read`);
      return stood;
    },
  });

/** Newest first. */
const RUNS = 20;
export const useRuns = (id: string) =>
  useQuery({
    queryKey: [...STANDING, 'runs', id],
    refetchInterval: FRESH_MS,
    queryFn: async ({ signal }) =>
      (await api.actions.list({ origin: `standing:${id}`, limit: RUNS }, { signal })).items,
  });
export type Run = NonNullable<ReturnType<typeof useRuns>['data']>[number];

/** As far as the console knows; the relay decides by itself. */
export const useMatches = (relayId: string, rule: string, isOn: boolean) =>
  useQuery({
    queryKey: [...STANDING, 'matches', relayId, rule],
    enabled: isOn && relayId !== '' && rule !== '',
    retry: false,
    queryFn: ({ signal }) => api.standing.matches({ relayId, rule }, { signal }),
  });
