// What cannot wait for the bundle: theme and density before the first paint, so that nobody who chose dark is blinded by a
// white page, and the first questions to the console, which travel beside the code that asks them.
// settings/appearance.ts writes what it reads; api/early.ts takes the answers.
(() => {
  const ROWS = '/api/devices/columns?readings=later';
  const ask = (path) => {
    // As long as the client itself waits.
    const signal = AbortSignal.timeout(30_000);
    // A body that nobody reads stops on its way.
    const whole = async (response) => {
      const { status, headers } = response;
      return { status, headers, text: await response.text() };
    };
    const answer = fetch(path, { signal, headers: { accept: 'application/json' } }).then(whole);
    // Whoever takes it hears of the fault.
    answer.catch(() => undefined);
    return answer;
  };
  // What every page asks; the fleet's rows go first, for the console takes a while to make that answer.
  const isFleet = location.pathname === '/fleet';
  const asked = ['/api/me', ...(isFleet ? [ROWS] : []), '/api/sites', '/api/system/status'];
  if (!['/sign-in', '/set-up', '/acknowledge'].includes(location.pathname))
    globalThis.rmmEarly = Object.fromEntries(asked.map((path) => [path, ask(path)]));
  const rows = globalThis.rmmEarly?.[ROWS];

  // What the page is made of, as the build found it: asked for now, it is here when the entry asks.
  const kinds = { js: ['modulepreload', ''], css: ['preload', 'style'], woff2: ['preload', 'font'] };
  const pages = (document.currentScript?.dataset.pages ?? '').split(';').map((line) => line.split(' '));
  const here = location.pathname.split('/');
  const isBelow = (path) => path.length > 1 && path.endsWith('/') && location.pathname.startsWith(path);
  const isHere = (parts) => parts.length === here.length && parts.every((part, n) => part === '$' || part === here[n]);
  const fits = ([path]) => isBelow(path) || isHere(path.split('/'));
  const load = (file) => {
    const [rel, as] = kinds[file.split('.').at(-1)];
    document.head.append(Object.assign(document.createElement('link'), { rel, as, crossOrigin: '', href: `/${file}` }));
  };
  // Asked for at once, the font would take the line from the fleet's rows: it comes while they are read and drawn.
  const isAwaited = (file) => !(isFleet && file.endsWith('.woff2'));
  for (const file of (pages.find(fits)?.slice(1) ?? []).filter(isAwaited)) load(file);
  const loadFont = () => document.fonts.load('1em "Inter Variable"').catch(() => undefined);
  rows?.then(loadFont, loadFont);

  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const choice = stored('rmm-theme');
  const isDark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  document.documentElement.dataset.density = stored('rmm-density') === 'compact' ? 'compact' : 'comfortable';
})();
