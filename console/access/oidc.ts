// Sign-in by an identity provider (OpenID Connect): code flow with PKCE, state and nonce, each begun sign-in good once.
import type { Configuration, IDToken } from 'openid-client';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { GrantOver, RoleName } from '#shared/model/grant.ts';
import { SingleUse } from './single-use.ts';

/** What somebody needs to find the telephone at their provider. */
const LOGIN_MS = 10 * 60_000;
/** Anybody may begin one: some 500 bytes each. */
const MAX_LOGINS = 5_000;
/** Endpoints and keys of a provider change rarely; who changes them waits so long. */
const KNOWN_MS = 3_600_000;
/** As long as a session of ours: who proved themself to the provider before that does so again. */
const MAX_AGE_SECONDS = 12 * 3_600;

/** Who has this value in this claim has this role. */
export interface ClaimRole {
  claim: string;
  value: string;
  role: RoleName;
  over: GrantOver;
}

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  label: string;
  scopes: readonly string[];
  nameClaim: string;
  roles: readonly ClaimRole[];
  /** When any are given, the provider must have used one of them. */
  acr: readonly string[];
  amr: readonly string[];
}

/** The one way out: the console's guard against addresses inside. */
export type OutgoingFetch = (url: string, init?: RequestInit) => Promise<Response>;

interface Login {
  verifier: string;
  nonce: string;
  redirectUri: string;
  /** Of the browser that began: nobody finishes a sign-in in the browser of another. */
  browser: string;
  isFresh: boolean;
}

export interface ProvenIdentity {
  issuer: string;
  subject: string;
  claims: Readonly<Record<string, unknown>>;
  /** When the person proved themself to the provider, as that says. */
  authenticatedAt: number | null;
}

interface Deps {
  settings: OidcSettings;
  clock: Clock;
  fetch: OutgoingFetch;
}

export class OidcClient {
  readonly settings: OidcSettings;
  readonly #clock: Clock;
  readonly #fetch: OutgoingFetch;
  readonly #logins: SingleUse<Login>;
  #known: { configuration: Promise<Configuration>; at: number } | undefined;

  constructor({ settings, clock, fetch }: Deps) {
    this.settings = settings;
    this.#clock = clock;
    this.#fetch = fetch;
    this.#logins = new SingleUse({ clock, lifeMs: LOGIN_MS, capacity: MAX_LOGINS });
  }

  /** The address at the provider; `isFresh` asks for a proof at this moment. */
  async begin(at: { redirectUri: string; browser: string; isFresh: boolean }): Promise<URL> {
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    this.#logins.keep(state, { ...at, verifier, nonce });
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: at.redirectUri,
      scope: ['openid', ...this.settings.scopes.filter((scope) => scope !== 'openid')].join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce, max_age: at.isFresh ? '0' : String(MAX_AGE_SECONDS) },
    });
  }

  /** Throws `denied` for a sign-in that was not begun here, by this browser, or that the provider does not vouch for. */
  async finish(query: URLSearchParams, browser: string | undefined): Promise<ProvenIdentity> {
    const state = query.get('state') ?? '';
    const login = this.#logins.take(state);
    if (login === undefined || browser !== login.browser)
      throw new AppError('denied', 'this sign-in was not begun in this browser, or too long ago: begin anew');
    const claims = await this.#claims(login, query, state);
    this.#check(claims);
    const at = claims.auth_time === undefined ? null : claims.auth_time * 1_000;
    const { iss: issuer, sub: subject } = claims;
    return { issuer, subject, claims, authenticatedAt: at !== null && at <= this.#clock.now() + 60_000 ? at : null };
  }

  async #claims(login: Login, query: URLSearchParams, state: string): Promise<IDToken> {
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    const url = new URL(login.redirectUri);
    url.search = query.toString();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        ...{ pkceCodeVerifier: login.verifier, expectedState: state, expectedNonce: login.nonce },
        ...{ idTokenExpected: true, maxAge: login.isFresh ? LOGIN_MS / 1_000 : MAX_AGE_SECONDS },
      });
      const claims = tokens.claims();
      if (claims !== undefined) return claims;
    } catch (cause) {
      throw new AppError('denied', `the identity provider does not vouch for it: ${describeError(cause).message}`, {
        cause,
      });
    }
    throw new AppError('denied', 'the identity provider says nothing of the person');
  }

  #check({ acr, amr }: IDToken): void {
    const { settings } = this;
    if (settings.acr.length > 0 && !settings.acr.includes(String(acr ?? '')))
      throw new AppError('denied', 'the provider did not ask for what this console wants (acr)');
    const used: unknown[] = Array.isArray(amr) ? amr : [];
    if (settings.amr.length > 0 && !used.some((one) => settings.amr.includes(String(one))))
      throw new AppError('denied', 'the provider did not ask for what this console wants (amr)');
  }

  /** Asked for at the first need, so that a provider that is away keeps no console from starting. */
  async #configuration(): Promise<Configuration> {
    const now = this.#clock.monotonic();
    if (this.#known !== undefined && now - this.#known.at < KNOWN_MS) return this.#known.configuration;
    const configuration = this.#discover();
    this.#known = { configuration, at: now };
    try {
      return await configuration;
    } catch (cause) {
      this.#known = undefined;
      throw new AppError('unavailable', 'the identity provider does not answer as one; the console log says more', {
        cause,
      });
    }
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    return await client.discovery(url, clientId, undefined, authentication, {
      // The guard lets plain HTTP through to origins that the configuration names, and to no others.
      execute: url.protocol === 'http:' ? [client.allowInsecureRequests] : [],
      [client.customFetch]: (to, { body, headers, method, redirect, signal }) =>
        this.#fetch(to, { body: body ?? null, headers, method, redirect, ...(signal === undefined ? {} : { signal }) }),
    });
  }
}
