// The limits of every chaos, fuzz, bench and security command, in one place; a command passes when each figure keeps its limit.
import { ACT_LIMITS } from './act-limits.ts';
import { DEVICE_LIMITS } from './device-limits.ts';
import { FACE_LIMITS } from './face-limits.ts';
import { METRIC_LIMITS } from './metric-limits.ts';
import { QUEUE_LIMITS } from './queue-limits.ts';
import { SMB_LIMITS } from './smb-limits.ts';
import { WATCH_LIMITS } from './watch-limits.ts';

/** `max` and `min` are inclusive. `quick` stands in for them under --quick, where a run is too short for the full promise. */
export interface Limit {
  max?: number;
  min?: number;
  /** Which promise this is, or what the number was derived from. */
  why: string;
  quick?: { max?: number; min?: number };
}
export type Limits = Readonly<Record<string, Limit>>;

/** Keyed by "command subcommand", then by figure; a figure that is missing from a run is a broken limit. */
export const LIMITS: Readonly<Record<string, Limits>> = {
  ...ACT_LIMITS,
  ...FACE_LIMITS,
  ...METRIC_LIMITS,
  ...QUEUE_LIMITS,
  ...SMB_LIMITS,
  ...WATCH_LIMITS,
  ...DEVICE_LIMITS,
  'chaos kill': {
    kills: { min: 80, why: 'the promise, spread over console and relays', quick: { min: 6 } },
    stored: { min: 20_000, why: 'a run that stores little proves little', quick: { min: 200 } },
    lost: { max: 0, why: 'what a spool committed is stored, whatever dies' },
    dup: { max: 0, why: 'and stored once' },
    gaps: { max: 0, why: 'no quota is reached and no disk damaged' },
    disordered: { max: 0, why: 'a chain holds its polls in the order in which they were made' },
    undecodable: { max: 0, why: 'each stored frame reads in its place' },
    quarantined: { max: 0, why: 'a kill damages no batch' },
    epochs: { max: 0, why: 'no spool was replaced: a kill damages no file' },
    ackedEarly: { max: 0, why: 'the console acknowledges after its commit, never before' },
    crashes: { max: 0, why: 'nothing ends that was not killed' },
    orders: { min: 5, why: 'commands are under way while everything dies', quick: { min: 0 } },
    ranTwice: { max: 0, why: 'a command runs once, whatever dies' },
    untrue: { max: 0, why: 'no success is told that did not happen' },
    unsettled: { max: 0, why: 'each order that was taken comes to an end' },
    // 500 samples are committed at once, fewer wait 5 s at most: a relay that dies holds fewer than 500.
    unspooledPerKill: { max: 500, why: 'what a kill of a relay may cost' },
  },
  'chaos offline': {
    drainRatio: { min: 5, why: 'a backlog drains at five times the rate at which live samples come' },
    maxLiveAgeSeconds: { max: 5, why: 'the oldest sample of each live batch, when it is stored' },
    liveRelays: { min: 20, why: 'of every relay', quick: { min: 3 } },
    backlog: { min: 14_000_000, why: '8 h of 20 relays x 50 devices x 30 series', quick: { min: 50_000 } },
    lost: { max: 0, why: 'what was made is stored' },
    dup: { max: 0, why: 'and stored once' },
    gaps: { max: 0, why: 'no quota is reached' },
    undecodable: { max: 0, why: 'each stored frame reads in its place' },
    consoleRssMb: { max: 512, why: 'a flood of backlog waits at the relays, not in the memory of a console of 4 GB' },
  },
  'chaos selfcheck': {
    bugs: { min: 5, why: 'each promise of the stream and of commands has its planted bug' },
    caught: { min: 5, why: 'a harness that misses a planted bug would miss a real one' },
    falseAlarms: { max: 0, why: 'without a bug there is nothing to find' },
  },
  'fuzz frames': {
    crashes: { max: 0, why: 'hostile bytes are answered with a value or frame-malformed, never with another throw' },
    hangs: { max: 0, why: 'no single input may take longer than a person would call a pause' },
    inputs: { min: 1_000_000, why: 'the promise is a million inputs', quick: { min: 50_000 } },
    // Under --quick the heap is young and one lazily compiled schema weighs more than a leak would.
    rssGrowth: { max: 1.1, why: 'memory after the second half over memory after the first', quick: { max: 1.25 } },
  },
  'fuzz jws': {
    inputs: { min: 1_000_000, why: 'the promise is a million inputs', quick: { min: 5_000 } },
    acceptedOther: { max: 0, why: 'one signature has one spelling, and says one thing' },
    crashes: { max: 0, why: 'hostile text is refused by its code, never by another throw' },
    refused: { min: 900_000, why: 'nearly every mutation says something else', quick: { min: 4_000 } },
    refusedByProof: { min: 100_000, why: 'those that name a key come as far as its signature', quick: { min: 500 } },
    unchanged: { min: 1, why: 'some mutations give the good text back, and it is taken' },
  },
  'fuzz manifest': {
    inputs: { min: 1_000_000, why: 'the promise is a million inputs', quick: { min: 5_000 } },
    acceptedOther: { max: 0, why: 'what runs is what was signed, word for word' },
    crashes: { max: 0, why: 'hostile text is refused by its code, never by another throw' },
    refused: { min: 700_000, why: 'most mutations say something else', quick: { min: 3_000 } },
    refusedByProof: {
      min: 400_000,
      why: 'those that have the form of an order come as far as its proof',
      quick: { min: 2_000 },
    },
    unchanged: { min: 1, why: 'some leave the order as it was, and it is taken' },
  },
  'fuzz api': {
    operations: { min: 90, why: 'all that the document of a running console describes' },
    cases: { min: 90_000, why: 'a thousand for each operation', quick: { min: 500 } },
    taken: { min: 5_000, why: 'inputs that are all refused at the rim try nothing behind it', quick: { min: 50 } },
    refused: { min: 5_000, why: 'and those that all fit try nothing before it', quick: { min: 50 } },
    broken: { max: 0, why: 'no input ends in a fault of ours' },
    unfit: { max: 0, why: 'each answer has a status and a shape that the document declares' },
    hung: { max: 0, why: 'each request is answered within ten seconds' },
    strangersIn: { max: 0, why: 'nobody is answered nothing, whatever they send' },
    peakRssMb: { max: 1_500, why: 'console, fuzzer and relays of one process; what leaks grows beyond it' },
  },
  'security blast': {
    relays: { min: 40, why: 'one signature, many relays', quick: { min: 10 } },
    t1Devices: { min: 25, max: 25, why: 'what the tier allows is done, and no device more' },
    t1Beyond: { max: 0, why: 'a batch over its cap runs at no relay' },
    t2Devices: { min: 50, max: 50, why: 'what the tier allows is done, and no device more' },
    t2Beyond: { max: 0, why: 'a batch over its cap runs at no relay' },
    t2Lying: { max: 50, why: 'a total that is understated reaches no further than itself' },
    t3Alone: { max: 0, why: 'ad-hoc orders need two people' },
    t3OnePersonTwice: { max: 0, why: 'two keys of one person are one person' },
    t3SameKeyTwice: { max: 0, why: 'and one key twice is none' },
    t3TwoPasskeys: { max: 0, why: 'one of the two has to see the order outside the console' },
    t3TwoPeople: { min: 25, why: 'with two people it is done', quick: { min: 10 } },
    failingRan: { min: 1, max: 1, why: 'the canary alone meets what fails, whatever the order asks for' },
    failingHalted: { min: 24, why: 'and each other device is said to be halted' },
    devicesInTenMinutes: { min: 50, max: 50, why: 'whatever restarts, and whoever turns the clock' },
    devicesLater: { min: 50, why: 'eleven minutes later the cap is free again' },
    t1InTenMinutes: { min: 25, max: 25, why: 'the same for what can be undone, with its own number' },
    t1Later: { min: 25, why: 'and free again as well' },
  },
  'security console-owned': {
    relays: { min: 20, why: 'the promise is twenty relays', quick: { min: 4 } },
    documents: { min: 1_000, why: 'forged, edited, replayed, re-targeted, expired, rolled back', quick: { min: 100 } },
    kinds: { min: 30, why: 'each way we know of' },
    ran: { max: 0, why: 'a stolen console runs nothing' },
    unaudited: { max: 0, why: 'each refusal stands in the audit of the console, once' },
    unalarmed: { max: 0, why: 'and in the own log of the relay, once' },
    alarmedRelays: { min: 20, why: 'each relay tells people by an event too', quick: { min: 4 } },
    repointed: { min: 25, why: 'known devices that the thief points at hostile hosts', quick: { min: 8 } },
    added: { min: 25, why: 'devices it makes up there', quick: { min: 8 } },
    // A third of what is made up names a login for orders, which no poll takes: no packet leaves for them.
    reached: { min: 42, why: 'a hostile host nobody connected to proves nothing', quick: { min: 13 } },
    attempts: { max: 0, why: 'no authentication attempt leaves a relay' },
    rosterAudited: { min: 50, why: 'each of them is a refusal in the audit', quick: { min: 16 } },
    standingRan: {
      min: 20,
      max: 20,
      why: 'a good standing order fires once, at every relay',
      quick: { min: 4, max: 4 },
    },
    controlRan: { min: 20, why: 'a good order runs before and after, at every relay', quick: { min: 4 } },
  },
  'security freeze': {
    relays: { min: 20, why: 'the promise is twenty relays', quick: { min: 6 } },
    running: { min: 20, why: 'a command runs at each of them for a minute', quick: { min: 6 } },
    frozenMs: { max: 10_000, why: 'the promise, from the signature to the last command stopped' },
    lateMs: { max: 10_000, why: 'and as soon at those that reconnect, from their link on' },
    stopped: { min: 20, why: 'those that come back later too', quick: { min: 6 } },
    ranFrozen: { max: 0, why: 'a frozen relay takes no order' },
    ranRestarted: { max: 0, why: 'and none after a restart' },
    ranThawedByOne: { max: 0, why: 'one person lets nobody go, whatever keys they hold' },
    ranThawed: { min: 20, why: 'two people do, and the old freeze does not come back', quick: { min: 6 } },
  },
  'security login': {
    guesses: { min: 10_000, why: 'the promise is ten thousand', quick: { min: 200 } },
    seconds: { max: 60, why: 'and that they are over within a minute: nothing is hashed for most of them' },
    letIn: { max: 0, why: 'none is let in' },
    hashed: { min: 100, why: 'guesses that are never looked at prove nothing', quick: { min: 10 } },
    hashedBeyond: { max: 0, why: 'ten wrong answers to a name, and no hash is computed for a while' },
    refusals: { max: 1, why: 'each is refused by the same bytes' },
    pairs: { min: 200, why: 'known beside unknown names', quick: { min: 12 } },
    auc: {
      min: 0.4,
      max: 0.6,
      why: 'by the time it takes nobody tells known from unknown; with 200 pairs chance alone stays within 0.1',
      quick: { min: 0.15, max: 0.85 },
    },
    answers: { max: 1, why: 'nor by the bytes' },
    pairsIn: { max: 0, why: 'nor are they let in' },
    right: { min: 1, max: 1, why: 'who knows all three is let in' },
    waysOut: { min: 5, why: 'one session, all, a token, a person who is disabled, one who is removed' },
    outAfterMs: { max: 5_000, why: 'from the deed to the end of the live stream, and the next request is refused' },
    oidcCases: { min: 15, why: 'the good ones are among them' },
    oidcWrong: { max: 0, why: 'roles as the claims say, each callback once, in its own browser' },
  },
  'security mtls': {
    strangers: { min: 12, why: 'each way of not being a relay' },
    welcomed: { max: 0, why: 'none of them gets in' },
    hung: { max: 0, why: 'each is told, or cut off' },
    plainAnswered: { max: 0, why: 'a port that speaks TLS alone says nothing to others' },
    handshakesRefused: { min: 7, why: 'six end before a byte of ours is read, and so does plain text' },
    ownWelcomed: { min: 1, why: 'a port that refuses everybody would pass the rest' },
  },
  'security enrol-race': {
    uses: { min: 2_000, why: 'a hundred at once, twenty times', quick: { min: 200 } },
    wrongRounds: { max: 0, why: 'exactly one machine is enrolled by a token' },
    faults: { max: 0, why: 'whoever lost the race is told so' },
  },
  'security clone': {
    clones: { min: 20, why: 'enough to meet in any order', quick: { min: 4 } },
    fenced: { min: 20, why: 'the true one and its copy', quick: { min: 4 } },
    keptOut: { min: 20, why: 'until a person released them', quick: { min: 4 } },
    alarms: { min: 20, why: 'one for each', quick: { min: 4 } },
    bystandersCut: { max: 0, why: 'nobody else is touched' },
    releasedRefused: { max: 0, why: 'a released relay gets in' },
  },
  'security rogue-host': {
    impostors: { min: 50, why: 'the promise is fifty, pinned or new' },
    reached: { min: 50, why: 'an impostor nobody connected to proves nothing' },
    attempts: { max: 0, why: 'no password, no key, not even a user name' },
    sessions: { max: 0, why: 'and no session' },
    controlAttempts: { min: 1, why: 'the same servers see a login where one may go' },
  },
  'security vault': {
    sealed: { min: 500, why: 'the promise is 500 logins', quick: { min: 50 } },
    opened: { min: 500, why: 'each reached its relay and opens there', quick: { min: 50 } },
    openedByPasskey: { min: 1, why: 'what a page sealed and a passkey signed opens at its relay as well' },
    recovered: { max: 0, why: 'folder, backup, log and memory of the console hold no secret in any form' },
    memoryMb: { min: 50, why: 'a Node process is larger than that: it was read whole' },
    controlFound: { min: 1, why: 'the same search finds what is there' },
    openedByReplaced: { max: 0, why: 'who takes the place of a relay reads nothing that was sealed for it' },
    resealed: { min: 1, why: 'until it is sealed again' },
    offeredToMonitor: { min: 500, why: 'where they may go they are offered', quick: { min: 50 } },
    offeredToAct: { max: 0, why: 'a login for monitoring is never used to act' },
  },
  'security variables': {
    variables: { min: 100, why: 'the promise is a hundred, each open at its relay' },
    // Seven ways for each, of which a wrapped one and the tracing shell may hide a value in several pieces.
    hidden: { min: 700, why: 'each way to print was met and hidden: what was never printed proves nothing' },
    places: { min: 6, why: 'console, spool, the rest of the relay, process lists, the API, the command line' },
    placesWithValue: { max: 0, why: 'no value stands in any form in any of them' },
    placesWithControl: { min: 5, why: 'the same search finds what no variable hid, wherever output comes to' },
  },
  'security owned-roster': {
    repointed: { min: 25, why: 'known devices that a stolen console points elsewhere' },
    added: { min: 25, why: 'devices it makes up' },
    // 8 of the 25 are given a login for orders, which no poll takes: no packet leaves for them.
    reached: { min: 42, why: 'a hostile host nobody connected to proves nothing' },
    attempts: { max: 0, why: 'no authentication attempt leaves the relay' },
    told: { min: 50, why: 'each refusal is told as the state of its device, with the reason' },
    polledBefore: { min: 25, why: 'the devices answered under the same rules before they were pointed elsewhere' },
  },
  'security asvs': {
    requirements: { min: 70, why: 'OWASP ASVS 5.0.0 has seventy requirements of level 1' },
    proofs: { min: 70, why: 'a requirement that is met links to what proves it' },
    faults: { max: 0, why: 'each row is proven by something that is there, or has its reason' },
  },
  'security authz': {
    leaks: { max: 0, why: 'nobody is told, and nobody changes, what their rights do not reach' },
    coveredRatio: { min: 1, why: 'a route that nobody asked is a route that nobody knows' },
    planted: { min: 4, why: 'a console without scopes leaks at each of four routes' },
  },
  'security ssrf': {
    urls: { min: 120, why: 'the promise is 120 ways to write what stands inside' },
    breaches: { max: 0, why: 'no listener inside hears a connection, no answer leads there, no bound is passed' },
    letThrough: {
      min: 1,
      why: 'a place that the configuration names is asked: a guard that refuses all proves nothing',
    },
    unguarded: { min: 20, why: 'the same URLs reach the listeners where nobody guards them' },
  },
  'security audit-tamper': {
    attacks: { min: 20, why: 'each way to alter the trail, from one word to a trail of another console' },
    missed: { max: 0, why: 'each is found' },
    misnamed: { max: 0, why: 'the first bad row is named in each' },
    cleanControls: { min: 2, why: 'the trail that nobody altered is clean, before and after' },
    regressions: { min: 8, why: 'four ways to go back, at each of two relays' },
    takenByRelays: {
      max: 0,
      why: 'no relay takes a trail over that goes back, forks, or is of another key or console',
    },
    alarms: { min: 6, why: 'each relay says so for each reason' },
    syslogRows: { min: 100, why: 'a receiver over TCP and one over TLS, which hang up in the middle' },
    syslogLost: { max: 0, why: 'every row arrives at both, in order and with its hash' },
    syslogCheckpointsLost: { max: 0, why: 'and so does every checkpoint' },
  },
  'security csrf': {
    operations: { min: 60, why: 'each change of the contract', quick: { min: 10 } },
    requests: { min: 5_000, why: 'each in every form that a page of elsewhere has', quick: { min: 800 } },
    changes: {
      max: 0,
      why: 'no table holds anything else afterwards, and no forged request is answered with a success',
    },
    read: { max: 0, why: 'no page of another site or port reads an answer or the live feed' },
    ownDone: { min: 35, why: 'the same requests from a page of ours are done', quick: { min: 6 } },
    ownPage: { min: 1, why: 'and in the browser, by the same person' },
  },
  'bench poll': {
    devices: { min: 500, why: 'the size of site that one relay is promised to serve', quick: { min: 40 } },
    errors: { max: 0, why: 'a real sshd that answers is never counted as failing' },
    // Under --quick the one sweep is 1.5 s: a third of a second at its edges is a fifth of its polls.
    polledRatio: {
      min: 0.98,
      why: 'every device is polled in every sweep; a few polls fall over the edges',
      quick: { min: 0.7 },
    },
    cpuSPerSweep: { max: 1, why: 'a relay shares a small server with other work' },
    rssMb: { max: 400, why: 'with 24 hours of 500 devices in the hot cache' },
    execMedianMs: { max: 15, why: 'a pooled session answers a technician at once', quick: { max: 100 } },
    othersFailed: { max: 0, why: 'frozen devices cost the others no poll' },
    // Under --quick one short round of 36 devices stands for five long ones of 450, and other tests run beside it.
    frozenP99Ratio: { max: 1.2, why: 'frozen devices delay the others by at most a fifth', quick: { max: 4 } },
  },
  'bench fleet': {
    devices: { min: 25_000, why: 'the size of fleet that one console is promised to serve', quick: { min: 2_000 } },
    failures: { max: 0, why: 'what changed is read' },
    // Processor time, here and below: what is answered from memory by one thread takes no more where a core is free.
    loadCpuS: { max: 20, why: 'relays wait and keep what they have while a console starts' },
    memoryMb: { max: 300, why: 'beside everything else of a console of 4 GB; 300 packages a device' },
    listP95Ms: { max: 100, why: 'the promise: any filter and any order, first page' },
    searchP95Ms: { max: 50, why: 'the promise: name, address, serial, user, tag and software, as one types' },
    facetsP95Ms: { max: 100, why: 'asked beside each list' },
    columnsMs: { max: 150, why: 'nothing else is answered meanwhile: a page that opens must not be felt by others' },
    membershipMs: { max: 2_000, why: 'the promise: groups follow what changed within two seconds' },
  },
  'bench import': {
    rows: { min: 10_000, why: 'the whole of a large customer in one file', quick: { min: 2_000 } },
    seconds: { max: 10, why: 'from the upload to "done", the comparison included' },
    // Under --quick other suites hold both cores: there the processor time of the longest turn says whether it was ours.
    stallMs: { max: 50, why: 'whoever looks at the console meanwhile does not notice', quick: { max: 2_000 } },
    stallCpuMs: { max: 50, why: 'the same, whatever else the machine runs', quick: { max: 100 } },
    progress: { min: 3, why: 'a bar that moves', quick: { min: 1 } },
    notSame: { max: 0, why: 'the same file again changes nothing' },
  },
  'bench backfill': {
    emptyDayMps: { min: 13, why: 'four times the batches of 60 samples of VictoriaMetrics', quick: { min: 1 } },
    otherNumbersMps: { min: 13, why: 'numbers of another dictionary cost no second sealing', quick: { min: 1 } },
    wrong: { max: 0, why: "every value is compared with the relay's" },
  },
  // Under --quick the disk and both cores are shared with other suites, and a few sweeps do not pay for their full records.
  'bench spool': {
    outcomesPerS: {
      min: 200,
      why: 'each on disk before it is answered for: 500 devices take seconds',
      quick: { min: 20 },
    },
    groupedPerS: {
      min: 10_000,
      why: 'a commit costs the same for a hundred outcomes as for one',
      quick: { min: 1_000 },
    },
    samplesPerS: { min: 50_000, why: '200 times what a site of 500 devices makes', quick: { min: 5_000 } },
    readPerS: {
      min: 5_000,
      why: 'a backlog drains at the pace of the console, not of the disk',
      quick: { min: 1_000 },
    },
    refillPollsPerS: { min: 15_000, why: '24 hours of a full site are back within a minute', quick: { min: 2_000 } },
    bytesPerSample: { max: 1.15, why: 'what the codec promises, batch by batch', quick: { max: 2.5 } },
    diskOverheadPerBatch: { max: 250, why: 'a row, its index entry and the unused rest of its page of 4 KiB' },
    frameOverheadPerBatch: { max: 100, why: 'names and numbers of a BATCH frame around 500 samples' },
  },
  'bench wire': {
    samples: { min: 800_000, why: 'an hour of 500 devices of 30 series', quick: { min: 60_000 } },
    bytesPerSample: { max: 2, why: 'the promise: framing, acks, TLS and heartbeats counted' },
    remoteWriteRatio: {
      max: 0.2,
      why: 'of what remote write takes for the same samples, its head not counted; the aim is 0.12',
    },
  },
  'bench winrm': {
    devices: { min: 500, why: 'the size of site that one relay is promised to serve', quick: { min: 16 } },
    errors: { max: 0, why: 'a machine that answers is never counted as failing' },
    polledRatio: {
      min: 0.98,
      why: 'every device is polled in every cycle; a few fall over the edges',
      quick: { min: 0.1 },
    },
    logins: { max: 500, why: 'a login each minute would be 720,000 a day', quick: { max: 16 } },
    relayCores: { max: 0.05, why: 'a relay shares a small server with other work', quick: { max: 2 } },
    peakRssMb: { max: 400, why: 'the same small server' },
    othersPolled: { min: 499, why: 'one hostile machine blinds nobody else', quick: { min: 15 } },
    othersFailedBesideRefusal: { max: 0, why: 'nor does it cost them a poll' },
    alertsOfRefusal: { max: 0, why: 'the login is right: the others take it' },
    skewP99Ms: { max: 2_000, why: 'a fifth of a site that fell silent keeps nobody waiting', quick: { max: 6_000 } },
    othersFailed: { max: 0, why: 'nor does it cost the others a poll' },
    changedAttempts: { max: 2, why: 'a wrong password locks no account' },
    changedAlerts: { min: 1, max: 1, why: 'one cause, one alert' },
    wrongAttempts: { max: 2, why: 'a wrong password locks no account, also one that never was right' },
    wrongAlerts: { min: 1, max: 1, why: 'one cause, one alert' },
  },
  // A lab that is slower or larger than this would be what a relay's bench measures.
  'bench viewers': {
    consoleCores: { max: 1, why: 'a hundred browsers follow ten thousand devices on a console of two cores' },
    viewersCores: { max: 0.7, why: 'what is said once for all: the rest is for what relays send' },
    glancesPerViewerPerSecond: { min: 900, why: 'each browser is told of every device, every ten seconds' },
    bytesPerViewerPerSecond: { max: 130_000, why: 'a line of 9 Mb/s is left for everything else' },
    // Four flushes a second, and a moment to write; under --quick other suites may share the machine.
    delayP99Ms: { max: 1_000, why: 'live is within a second', quick: { max: 2_000 } },
  },
};

/** The limits of a command as they stand for this kind of run, with the quick overrides applied. */
export function limitsOf(name: string, isQuick = false): Limits {
  const limits = LIMITS[name];
  if (limits === undefined) throw new Error(`no limits stand in test/limits.ts for "${name}"`);
  if (!isQuick) return limits;
  return Object.fromEntries(
    Object.entries(limits).map(([figure, { quick, ...full }]) => [
      figure,
      quick === undefined ? full : { ...full, ...quick },
    ]),
  );
}
