// What a console can be told, with its defaults: everything on loopback, SQLite in the data folder.
import { z } from 'zod';
import { AlertRules } from '#console/alerts/alert-rules.ts';
import { BackupConfig, JobsConfig } from '#console/schedule/job-plans.ts';
import { RoomNeeds } from '#console/schedule/room-level.ts';
import { GrantOver, RoleName } from '#shared/model/grant.ts';
import { Retention } from '#shared/model/retention.ts';
import { LOG_LEVELS } from '#shared/runtime/logger.ts';

const Port = z.int().min(0).max(65_535);

/** Scheme, host and port, as a browser writes them: then what is compared is what was written. */
const Origin = z
  .string()
  .max(300)
  .refine((text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text, {
    error: 'an origin as "https://id.example" or "https://id.example:9443", with nothing behind it',
  });

const Oidc = z.strictObject({
  /** Exactly as the provider calls itself. */
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  clientId: z.string().min(1).max(200),
  /** File with the client's secret, so that none stands in a configuration; absent for a public client. */
  clientSecretFile: z.string().optional(),
  /** What the button of the sign-in page says. */
  label: z.string().min(1).max(60).default('SSO'),
  scopes: z.array(z.string().min(1).max(100)).max(20).default(['openid', 'profile', 'email']),
  /** The claim that people are called by here. */
  nameClaim: z.string().min(1).max(100).default('preferred_username'),
  /** Who has `value` in `claim` has `role`; who has none of them does not come in. Followed at each sign-in. */
  roles: z
    .array(
      z.strictObject({
        claim: z.string().min(1).max(100),
        value: z.string().min(1).max(300),
        role: RoleName,
        over: GrantOver.default({ kind: 'everything' }),
      }),
    )
    .max(200)
    .default([]),
  /** When any are given, the provider must say that it used one of them. */
  acr: z.array(z.string().min(1).max(200)).max(20).default([]),
  amr: z.array(z.string().min(1).max(200)).max(20).default([]),
});

/** A receiver of sealed metrics that speaks Prometheus' remote write: one way, for analysis elsewhere. */
const MirrorConfig = z
  .strictObject({
    /** Kept with what it has still to be told: a target by another name begins anew. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    /** As "https://prometheus.example/api/v1/write"; where it stands inside, `outgoing.allow` names its origin. */
    url: z.url({ protocol: /^https?$/ }).max(2_000),
    /** File with the token of an Authorization header; read again for each request. */
    bearerFile: z.string().optional(),
    basic: z.strictObject({ user: z.string().min(1).max(200), passwordFile: z.string() }).optional(),
    /** PEM of the authority of the receiver's certificate; the system's when absent. */
    caFile: z.string().optional(),
    /** In every series, such as the name of this console where several tell one receiver. */
    labels: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().min(1).max(200))
      .refine((labels) => Object.keys(labels).length <= 10, { error: 'at most ten labels' })
      .default({}),
    /** What cannot be told for so long is given up, and counted. At most as long as the console keeps raw values. */
    maxLagHours: z
      .int()
      .min(1)
      .max(30 * 24)
      .default(72),
    /** Series of one site in one hour; devices beyond are left out, and counted. 5,000 devices of 40 fit. */
    maxSeries: z.int().min(1).max(5_000_000).default(200_000),
  })
  .refine(({ bearerFile, basic }) => bearerFile === undefined || basic === undefined, {
    error: 'bearerFile or basic, not both',
  });

/** A git repository whose scripts come into the library when somebody asks for it; each waits there for its review. */
const ScriptSource = z.strictObject({
  /** Before the names of its scripts: "ops/net/restart-dns". */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  /** "https://host/path", "ssh://git@host/path", or a folder of this machine; what stands inside is in `outgoing.allowHosts`. */
  url: z.string().min(1).max(1_000),
  branch: z
    .string()
    .regex(/^(?!.*(?:\.\.|\/\/|\/$|\.lock$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$/, 'the name of a branch')
    .default('main'),
  /** Within the repository; all of it when none is named. */
  folder: z
    .string()
    .regex(
      /^(?:[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}(?:\/[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}){0,8})?$/,
      'a folder, as "scripts/linux"',
    )
    .default(''),
  /** For ssh: a key of its own without a passphrase, and the keys of hosts that are believed. */
  ssh: z.strictObject({ keyFile: z.string(), knownHostsFile: z.string() }).optional(),
});

export const ConsoleConfig = z.strictObject({
  /** Databases, certificates, owner keys: everything of this instance. */
  data: z.string().min(1).default('./data'),
  log: z.enum(LOG_LEVELS).default('info'),
  listen: z
    .strictObject({
      /** Address of the browsers' plain port: loopback only, a secure context for browsers. */
      httpPort: Port.default(8080),
      /** Address the TLS ports bind to; 127.0.0.1 until somebody wants relays on other machines. */
      host: z.string().default('127.0.0.1'),
      /** Browsers beyond loopback, enrolment and renewal of expired certificates. */
      httpsPort: Port.default(8443),
      /** Relays: mutual TLS only. */
      relayPort: Port.default(8444),
    })
    .prefault({}),
  /** Names and addresses by which relays and browsers reach this console; they go into its certificate and into tokens. */
  names: z.array(z.string().min(1).max(253)).max(16).default(['localhost', '127.0.0.1']),
  tls: z
    .strictObject({
      /** PEM files for the browsers' port; the own authority issues one when absent. */
      certificateFile: z.string().optional(),
      keyFile: z.string().optional(),
    })
    .prefault({}),
  outgoing: z
    .strictObject({
      /**
       * Origins as "https://id.inner.example:9443" that the console may ask although they stand inside, use another port, or
       * speak plain HTTP. All other URLs that a person sets lead to the public network over https, or nowhere.
       */
      allow: z.array(Origin).max(64).default([]),
      /**
       * "host:port" of mail and syslog servers that stand inside or use another port than their service's. All others are reached
       * in the public network alone.
       */
      allowHosts: z
        .array(z.string().regex(/^[^\s/]{1,253}:\d{1,5}$/, 'a host and a port, as "mail.inner.example:25"'))
        .max(64)
        .default([]),
    })
    .prefault({}),
  notify: z
    .strictObject({
      /** Where people reach the pages, for links in messages: "https://rmm.example". The first of `names` and the TLS port otherwise. */
      publicUrl: Origin.optional(),
    })
    .prefault({}),
  /** Where sealed metrics are told besides. */
  mirrors: z
    .array(MirrorConfig)
    .max(8)
    .refine((some) => new Set(some.map(({ name }) => name)).size === some.length, { error: 'each name once' })
    .default([]),
  scripts: z
    .strictObject({
      sources: z
        .array(ScriptSource)
        .max(16)
        .refine((some) => new Set(some.map(({ name }) => name)).size === some.length, { error: 'each name once' })
        .default([]),
    })
    .prefault({}),
  signIn: z
    .strictObject({
      /**
       * Further origins under which browsers reach this console, as "https://rmm.example": where another port or a proxy
       * stands before it. Passkeys are made and taken there too.
       */
      origins: z.array(Origin).max(16).default([]),
      /** An identity provider (OpenID Connect) that people may sign in by; the ways of this console stay. */
      oidc: Oidc.optional(),
    })
    .prefault({}),
  trust: z
    .strictObject({
      /** What the first charter of a new site says, which the console signs while it still holds the owner key. */
      firstCharter: z
        .strictObject({
          /** Between the acceptance of an ad-hoc order and its start, while it can be stopped. */
          t3StopMs: z.int().min(0).max(3_600_000).default(30_000),
        })
        .prefault({}),
    })
    .prefault({}),
  audit: z
    .strictObject({
      /** A receiver of the audit trail: RFC 5424 over TCP or TLS, each message framed by its length. */
      syslog: z
        .strictObject({
          /** `tcp` is readable on the way: only within a network that is trusted. */
          protocol: z.enum(['tcp', 'tls']).default('tls'),
          host: z.string().min(1).max(253),
          port: z.int().min(1).max(65_535).default(6_514),
          /** PEM of the authority of the receiver's certificate; the system's when absent. */
          caFile: z.string().optional(),
          /** PEM, both or none: for receivers that ask who sends. */
          certificateFile: z.string().optional(),
          keyFile: z.string().optional(),
        })
        .optional(),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      /** How long metrics are kept; customers may have a time of their own. */
      retention: Retention.prefault({}),
    })
    .prefault({}),
  backup: BackupConfig.prefault({}),
  /** When each of the console's own jobs is due, in UTC. */
  jobs: JobsConfig.prefault({}),
  /** When an alert is the same as another, when it flaps, how long it is held; see console/alerts/alert-rules.ts. */
  alerts: AlertRules.prefault({}),
  /** Somebody outside who is told that the console lives, and who raises the alarm when the word does not come. */
  deadMan: z
    .strictObject({
      /** Such as a check of healthchecks.io or of another console; where it stands inside, `outgoing.allow` names its origin. */
      url: z.url({ protocol: /^https?$/ }).max(2_000),
      everyMs: z.int().min(10_000).max(3_600_000).default(60_000),
    })
    .optional(),
  /** Of the disk that the data folder is on: free bytes below which people are told, and things stop. */
  storage: RoomNeeds.prefault({}),
  store: z
    .strictObject({
      engine: z.enum(['sqlite', 'postgres']).default('sqlite'),
      /** File with the connection string, so that no password stands in a configuration or a process list. */
      postgresUrlFile: z.string().optional(),
    })
    .prefault({}),
});
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;
