// The limits of what watches and tells: how often, how soon, and that nothing is lost on the way.
import type { Limits } from './limits.ts';

const once = (why: string) => ({ min: 1, max: 1, why });
const never = (why: string) => ({ max: 0, why });

export const WATCH_LIMITS: Readonly<Record<string, Limits>> = {
  'e2e outage': {
    switchTold: once('a switch that dies is one outage, whatever hangs on it'),
    switchIncidents: once('and one thing to look at'),
    switchNamed: once('its cause is the switch, not one of its devices'),
    switchChildren: { min: 50, max: 50, why: 'each device behind it is listed', quick: { min: 5, max: 5 } },
    switchResolvedTold: once('and it is over once'),
    relayTold: once('a relay that dies is one outage'),
    relayIncidents: once('and one thing to look at'),
    relayUnseen: { min: 1, max: 1, why: 'all its devices are said to be unseen' },
    linkTold: once('a line that is cut is one outage'),
    linkLocalTold: once("the site's own on-call hears once of what is open there"),
    linkKnown: once('headquarters know of it afterwards'),
    linkToldAgain: never('and do not tell it again'),
    restartTold: never('a console that starts again is no news'),
    eveningTold: never('workstations that are switched off in the evening are away, not down'),
    eveningIncidents: never('and no outage'),
    pastIncidents: once('what began and ended behind a cut is one outage'),
    pastTold: once('and is told once'),
    isPast: once('as past'),
    openedOffS: { max: 25, why: 'two polls of 10 s, and 0.3 s of our own at twenty times the speed' },
    endedOffS: { max: 25, why: 'the same' },
  },
  'chaos alerts': {
    transitions: { min: 200, why: 'the promise', quick: { min: 16 } },
    kills: {
      min: 20,
      why: 'one that was killed takes 5 s to come back on a busy machine, and is not killed before',
      quick: { min: 2 },
    },
    killsConsole: { min: 6, why: 'what is told is told by it', quick: { min: 1 } },
    neverOpened: never('what a relay found is an alert, whatever dies'),
    openedTwice: never('one end of a device is one alert, opened once'),
    neverClosed: never('and it closes'),
    closedTwice: never('and closed once, however often it was told'),
    notTold: never('each is told, by itself or with its end'),
    toldWithEnd: {
      max: 22,
      why: 'only what a busy server refused until it was over, and it refuses one in 6 s',
      quick: { max: 4 },
    },
    notToldOver: never('and that it is over'),
    unsent: never('nothing is given up or forgotten'),
    lost: never('what is marked as sent has arrived'),
    unmarked: never('what arrived is marked'),
    crashes: never('nothing ends that was not killed'),
  },
  'e2e latency': {
    pushedP95Ms: { max: 5_000, why: 'the promise: from what a device says to the mail, the way of the order counted' },
    polledBeyondPollMs: { max: 5_000, why: 'the promise: a poll, and five seconds' },
    missing: never('each is told'),
  },
  'e2e noise': {
    repeatAlerts: once('a thousand times the same is one alert'),
    repeatCount: { min: 1_000, max: 1_000, why: 'that says how often' },
    repeatTold: once('and one mail'),
    windowTold: never('a window tells nobody'),
    windowEndTold: once('at its end each device that is still bad is told once, and no other'),
    windowEndAlerts: once('as one fresh alert each'),
    flaps: { min: 20, why: 'an hour of them', quick: { min: 8 } },
    flapAlerts: once('what flaps for an hour is one alert'),
    flapTold: { max: 2, why: 'that it began, and one that says how often it came and went and that it is over' },
  },
  'e2e thresholds': {
    thresholds: { min: 23, why: 'each of both severities that a Linux device can pass' },
    onThisMachine: {
      min: 6,
      why: 'a busy processor, a full filesystem, certificates, old patches and a restart are real ones',
    },
    notFired: never('each fires with its severity'),
    notCleared: never('and clears'),
    withoutEvidence: never('and says by what'),
  },
};
