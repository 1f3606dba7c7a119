// The two plain routes of sign-in by an identity provider: to it, and back with a page that leads on.
import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { AppError, describeError } from '#shared/base/errors.ts';
import { sessionCookie } from './api-context.ts';
import type { ApiServices } from './services.ts';

export const SSO_START = '/sso/start';
const SSO_CALLBACK = '/sso/callback';
/** As long as a sign-in under way is kept. */
const TEN_MINUTES = 600;

type App = Hono<{ Bindings: HttpBindings }>;
type SsoContext = Context<{ Bindings: HttpBindings }>;

interface Options {
  services: ApiServices;
  isSecure: boolean;
  origins?: ReadonlySet<string>;
}

const browserCookie = (isSecure: boolean) => (isSecure ? '__Host-rmm-sso' : 'rmm-sso');

function readBrowser(c: SsoContext, isSecure: boolean): string | undefined {
  const start = `${browserCookie(isSecure)}=`;
  const parts = (c.req.header('cookie') ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(start))?.slice(start.length);
}

/**
 * Lax, as the provider sends the browser back from elsewhere: the session's own cookie is strict and would stay away. It is
 * no right to anything; it says that this browser began what comes back.
 */
const setBrowser = (value: string, isSecure: boolean, seconds: number): string =>
  `${browserCookie(isSecure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;

export function mountSso(app: App, options: Options): void {
  app.get(SSO_START, (c) => start(c, options));
  app.get(SSO_CALLBACK, (c) => callback(c, options));
}

async function start(c: SsoContext, { services, isSecure, origins }: Options): Promise<Response> {
  const { oidc } = services.signIn;
  if (oidc === undefined) throw new AppError('not-found', 'no identity provider is set up here');
  const origin = `${isSecure ? 'https' : 'http'}://${c.req.header('host')}`;
  if (!origins?.has(origin)) throw new AppError('denied', 'sign in under one of the names of this console');
  const browser = randomBytes(24).toString('base64url');
  const isFresh = c.req.query('again') !== undefined;
  try {
    const to = await oidc.client.begin({ redirectUri: `${origin}${SSO_CALLBACK}`, browser, isFresh });
    const headers = { location: to.href, 'cache-control': 'no-store' };
    return new Response(null, {
      status: 303,
      headers: { ...headers, 'set-cookie': setBrowser(browser, isSecure, TEN_MINUTES) },
    });
  } catch (error) {
    return failed(services, error, isSecure);
  }
}

async function callback(c: SsoContext, { services, isSecure }: Options): Promise<Response> {
  const { oidc } = services.signIn;
  if (oidc === undefined) throw new AppError('not-found', 'no identity provider is set up here');
  const from = { address: c.env.incoming.socket.remoteAddress, agent: c.req.header('user-agent') };
  try {
    const identity = await oidc.client.finish(new URL(c.req.url).searchParams, readBrowser(c, isSecure));
    const signedIn = await oidc.door.enter(identity, from);
    const seconds = Math.floor((signedIn.expiresAt - services.clock.now()) / 1_000);
    return leadingTo('/', [sessionCookie(signedIn.session, isSecure, seconds), setBrowser('', isSecure, 0)]);
  } catch (error) {
    return failed(services, error, isSecure);
  }
}

/** The page of sign-in says what happened; why stands in the log, as it may name what only the provider knows. */
function failed(services: ApiServices, error: unknown, isSecure: boolean): Response {
  const { code, message } = describeError(error);
  services.log.warn({ code, message }, 'a sign-in by the identity provider failed');
  const why = code === 'denied' ? 'denied' : 'failed';
  return leadingTo(`/sign-in?sso=${why}`, [setBrowser('', isSecure, 0)]);
}

/**
 * A page, and no redirect: a browser that was sent here from elsewhere would follow a redirect without the strict cookie it was
 * just given. What a page of ours opens is our own visit. It needs no script.
 */
function leadingTo(path: string, cookies: readonly string[]): Response {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>RMM</title><meta http-equiv="refresh" content="0;url=${path}"></head><body><p><a href="${path}">RMM</a></p></body></html>`;
  const headers = new Headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(page, { headers });
}
