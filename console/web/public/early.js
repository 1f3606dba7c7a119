// What cannot wait for the bundle: theme and density before the first paint, so that nobody who chose dark is blinded by a
// white page, and the first questions to the console, which travel beside the code that asks them.
// settings/appearance.ts writes what it reads; api/early.ts takes the answers.
(() => {
  const ask = (path, priority) => {
    // As long as the client itself waits.
    const signal = AbortSignal.timeout(30_000);
    const answer = fetch(path, { priority, signal, headers: { accept: 'application/json' } });
    // Whoever takes it hears of the fault.
    answer.catch(() => undefined);
    return answer;
  };
  if (location.pathname !== '/sign-in') globalThis.rmmEarly = { '/api/me': ask('/api/me', 'high') };
  // The code is what everything waits for; the largest answer of all comes behind it.
  if (location.pathname === '/fleet') globalThis.rmmEarly['/api/devices/columns'] = ask('/api/devices/columns', 'low');

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
