// The states of a command on one device, and which moves between them exist. Pure.
import { CommandState, FINAL_COMMAND_STATES } from '#shared/model/record.ts';

/** Forward only: a record that comes twice or late never takes back what is known. */
const RANK: Record<CommandState, number> = {
  queued: 0,
  sent: 1,
  accepted: 2,
  started: 3,
  succeeded: 4,
  failed: 4,
  expired: 4,
  refused: 4,
  cancelled: 4,
  halted: 4,
  unknown: 4,
};

export const isFinal = (state: CommandState): boolean => FINAL_COMMAND_STATES.has(state);

export const mayMove = (from: CommandState, to: CommandState): boolean => RANK[to] > RANK[from];

export const OPEN_STATES: readonly CommandState[] = CommandState.options.filter((state) => !isFinal(state));
/** No relay said yet that it has it. */
export const UNHEARD_STATES: readonly CommandState[] = ['queued', 'sent'];
