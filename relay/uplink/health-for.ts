// What of a relay's health the console of an older protocol can be told: it refuses members that it does not know.
import type { RelayHealth } from '#shared/model/relay-health.ts';
import { HISTORY_PROTOCOL } from '#shared/protocol/history.ts';
import { STANDING_PROTOCOL } from '#shared/protocol/standing.ts';

export function healthFor(proto: number, { breakGlassUntil, history, ...known }: RelayHealth): RelayHealth {
  return {
    ...known,
    ...(breakGlassUntil === undefined || proto < STANDING_PROTOCOL ? {} : { breakGlassUntil }),
    ...(history === undefined || proto < HISTORY_PROTOCOL ? {} : { history }),
  };
}
