// What the live screen shows and what each key does to it: pure, so that every key is tested without a terminal.

export const VIEWS = ['overview', 'devices', 'down', 'sites', 'relays', 'groups', 'actions', 'audit'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Orders of the device list, in the order of `s`. */
export const SORTS = ['name', '-cpu', '-memory', '-disk', 'status', 'polled'] as const;

export interface TopState {
  view: ViewName;
  /** The row under the cursor, and the first one shown. */
  cursor: number;
  top: number;
  filter: string;
  /** The filter as it is typed; undefined while nobody types. */
  typing: string | undefined;
  sort: (typeof SORTS)[number];
  /** A device that is looked at. */
  device: string | undefined;
  isHelp: boolean;
  isOver: boolean;
}

export const FIRST: TopState = {
  view: 'devices',
  cursor: 0,
  top: 0,
  filter: '',
  typing: undefined,
  sort: 'name',
  device: undefined,
  isHelp: false,
  isOver: false,
};

/** What a key needs to know of the screen. */
export interface Shown {
  /** Ids of the rows, in order; a row without one cannot be opened. */
  ids: ReadonlyArray<string | undefined>;
  /** Rows of the list on the screen. */
  height: number;
}

const MAX_FILTER = 200;

/** Keeps the cursor on a row and the row on the screen. */
export function scrolled(state: TopState, { ids, height }: Shown): TopState {
  const cursor = Math.max(0, Math.min(state.cursor, ids.length - 1));
  const top = Math.max(0, Math.min(Math.max(state.top, cursor - height + 1), cursor, Math.max(0, ids.length - height)));
  return { ...state, cursor, top };
}

function typed(state: TopState, text: string, key: string): TopState {
  if (key === 'escape') return { ...state, typing: undefined };
  if (key === 'enter') return { ...state, typing: undefined, filter: text.trim(), cursor: 0, top: 0 };
  if (key === 'backspace') return { ...state, typing: [...text].slice(0, -1).join('') };
  if (key === 'clear-line') return { ...state, typing: '' };
  if ([...key].length !== 1 || text.length >= MAX_FILTER) return state;
  return { ...state, typing: text + key };
}

const opened = (state: TopState, view: ViewName): TopState => ({
  ...state,
  view,
  cursor: 0,
  top: 0,
  device: undefined,
});

function moved(state: TopState, key: string, shown: Shown): TopState | undefined {
  const last = shown.ids.length - 1;
  const to: Readonly<Record<string, number>> = {
    up: state.cursor - 1,
    k: state.cursor - 1,
    down: state.cursor + 1,
    j: state.cursor + 1,
    'page-up': state.cursor - shown.height,
    'page-down': state.cursor + shown.height,
    home: 0,
    g: 0,
    end: last,
    G: last,
  };
  const cursor = to[key];
  return cursor === undefined ? undefined : scrolled({ ...state, cursor }, shown);
}

/** The state after a key. */
export function press(state: TopState, key: string, shown: Shown): TopState {
  if (key === 'interrupt') return { ...state, isOver: true };
  if (state.typing !== undefined) return typed(state, state.typing, key);
  if (state.isHelp) return { ...state, isHelp: false };
  const view = VIEWS[Number(key) - 1];
  if (/^[1-8]$/.test(key) && view !== undefined) return opened(state, view);
  const after = moved(state, key, shown);
  if (after !== undefined) return after;
  switch (key) {
    case 'q':
      return { ...state, isOver: true };
    case '?':
      return { ...state, isHelp: true };
    case '/':
      return { ...opened(state, state.view === 'down' ? 'down' : 'devices'), typing: state.filter };
    case 's':
      return { ...state, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'name', cursor: 0, top: 0 };
    case 'enter':
      return entered(state, shown);
    case 'escape':
      return escaped(state);
    default:
      return state;
  }
}

function entered(state: TopState, shown: Shown): TopState {
  const id = shown.ids[state.cursor];
  if (id === undefined || state.device !== undefined) return state;
  if (state.view === 'devices' || state.view === 'down' || state.view === 'overview')
    return { ...state, device: id, cursor: 0, top: 0 };
  // A site, a group: its devices. `id` is the filter then.
  if (state.view === 'sites' || state.view === 'groups') return { ...opened(state, 'devices'), filter: id };
  return state;
}

function escaped(state: TopState): TopState {
  if (state.device !== undefined) return { ...state, device: undefined, cursor: 0, top: 0 };
  return state.filter === '' ? state : { ...state, filter: '', cursor: 0, top: 0 };
}
