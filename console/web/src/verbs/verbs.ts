// Which operations of the API a person can ask for here, and how each is opened; the palette and the bulk bar list these alone.

import type { RoutePath } from '#console/web/src/shell/page-list.ts';
import type { IconName } from '#console/web/src/ui/icon.tsx';
import type { OperationName } from './operation-name.ts';
import type { en } from './text.en.ts';

type TextKey = keyof typeof en;
export type VerbTitle = TextKey & `verb${string}`;
export type VerbWords = TextKey & `words${string}`;

export interface Verb {
  title: VerbTitle;
  /** What people type for it, comma-separated in the catalogue. */
  words: VerbWords;
  icon: IconName;
  /** Whom it is done to: nothing, one device, or all that are chosen. */
  takes: 'nothing' | 'device' | 'devices';
  /** A dialog of verb-dialog.tsx, done at once, or a page that has its form. */
  way: 'dialog' | 'now' | { to: RoutePath };
}

/** An operation with a form on a page is one line more: `takes: 'nothing', way: { to: '/sites' }`, and `usePageAct` in the page. */
export const VERBS = {
  'tags.change': { title: 'verbTag', words: 'wordsTag', icon: 'tag', takes: 'devices', way: 'dialog' },
  'groups.changeMembers': { title: 'verbGroup', words: 'wordsGroup', icon: 'people', takes: 'devices', way: 'dialog' },
  'actions.submit': { title: 'verbRun', words: 'wordsRun', icon: 'play', takes: 'devices', way: 'dialog' },
  'exports.devices': { title: 'verbExport', words: 'wordsExport', icon: 'download', takes: 'devices', way: 'dialog' },
  'devices.removeMany': { title: 'verbForget', words: 'wordsForget', icon: 'trash', takes: 'devices', way: 'dialog' },
  'devices.create': {
    title: 'verbAddDevice',
    words: 'wordsAdd',
    icon: 'device',
    takes: 'nothing',
    way: { to: '/devices/new' },
  },
  'imports.plan': {
    title: 'verbImport',
    words: 'wordsImport',
    icon: 'upload',
    takes: 'nothing',
    way: { to: '/import' },
  },
  'standing.put': {
    title: 'verbStanding',
    words: 'wordsStanding',
    icon: 'clock',
    takes: 'nothing',
    way: { to: '/standing/new' },
  },
  'sites.create': { title: 'verbAddSite', words: 'wordsAdd', icon: 'site', takes: 'nothing', way: { to: '/sites' } },
  'customers.create': {
    title: 'verbAddCustomer',
    words: 'wordsAdd',
    icon: 'people',
    takes: 'nothing',
    way: { to: '/customers' },
  },
  'groups.create': {
    title: 'verbAddGroup',
    words: 'wordsAdd',
    icon: 'people',
    takes: 'nothing',
    way: { to: '/groups' },
  },
  'relays.createToken': {
    title: 'verbEnrol',
    words: 'wordsEnrol',
    icon: 'relay',
    takes: 'nothing',
    way: { to: '/relays' },
  },
  'tags.rename': { title: 'verbTags', words: 'wordsTags', icon: 'tag', takes: 'nothing', way: { to: '/tags' } },
  'people.create': {
    title: 'verbInvitePerson',
    words: 'wordsInvitePerson',
    icon: 'people',
    takes: 'nothing',
    way: { to: '/people' },
  },
  'tokens.create': { title: 'verbToken', words: 'wordsToken', icon: 'lock', takes: 'nothing', way: { to: '/profile' } },
  'audit.verify': { title: 'verbVerify', words: 'wordsVerify', icon: 'check', takes: 'nothing', way: { to: '/audit' } },
  'session.createLink': { title: 'verbInvite', words: 'wordsInvite', icon: 'link', takes: 'nothing', way: 'dialog' },
  'session.remove': { title: 'verbSignOut', words: 'wordsSignOut', icon: 'lock', takes: 'nothing', way: 'now' },
} as const satisfies Partial<Record<OperationName, Verb>>;

export type VerbName = keyof typeof VERBS;

/** Those a bulk bar offers, in its order. */
export const BULK_VERBS = [
  'tags.change',
  'groups.changeMembers',
  'actions.submit',
  'exports.devices',
  'devices.removeMany',
] as const;
export type BulkVerb = (typeof BULK_VERBS)[number];
