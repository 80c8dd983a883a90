// How far syncs are, as the server tells it; without this file, or while it tells nothing, the page is read again instead.

const lost = new WeakSet();
const streams = new Map();
const latest = new Map();

/** Opens a stream for each part in which something moves, and closes those nobody looks at. */
function listen() {
  for (const part of document.querySelectorAll('[data-stream]')) {
    const wanted = 'moving' in part.dataset && !document.hidden && !lost.has(part);
    if (wanted && !streams.has(part)) open(part);
    if (!wanted && streams.has(part)) close(part);
    if (latest.has(part)) write(part, latest.get(part));
  }
}

function open(part) {
  const source = new EventSource(part.dataset.stream);
  streams.set(part, source);
  source.addEventListener('open', () => {
    part.dataset.told = '';
  });
  source.addEventListener('runs', ({ data }) => tell(part, JSON.parse(data).runs));
  source.addEventListener('end', () => {
    close(part);
    part.dispatchEvent(new Event('stale'));
  });
  source.addEventListener('error', () => {
    delete part.dataset.told;
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused; the page goes on being read again, and asks for a stream once more with the next sync.
    close(part);
    lost.add(part);
    setTimeout(() => lost.delete(part), 60_000);
  });
}

function close(part) {
  streams.get(part)?.close();
  streams.delete(part);
  latest.delete(part);
  delete part.dataset.told;
}

function tell(part, runs) {
  latest.set(part, runs);
  write(part, runs);
  // One has begun or ended that the page shows otherwise: it is read again.
  const states = runs.map(({ id, status }) => `${id} ${status}`).join();
  const gone = [...part.querySelectorAll('[data-run]')].some((shown) => !states.includes(shown.dataset.run));
  if (gone || (part.dataset.told && part.dataset.told !== states)) part.dispatchEvent(new Event('stale'));
  part.dataset.told = states;
}

function write(part, runs) {
  for (const run of runs) {
    for (const shown of part.querySelectorAll(`[data-run="${CSS.escape(run.id)}"]`)) show(shown, run);
  }
  for (const shown of part.querySelectorAll('[data-runs-of]')) {
    const own = runs.filter(({ integration }) => integration === shown.dataset.runsOf);
    const text = own.length === 1 ? own[0].text : together(own);
    if (text && shown.textContent !== text) shown.textContent = text;
  }
}

function show(shown, { text, percent }) {
  const words = shown.querySelector('[data-progress]');
  if (words && words.textContent !== text) words.textContent = text;
  const bar = shown.querySelector('progress');
  if (bar && percent !== null) bar.value = percent;
}

function together(runs) {
  const read = runs.reduce((sum, { seen }) => sum + seen, 0);
  const speed = Math.round(runs.reduce((sum, { perSecond }) => sum + (perSecond ?? 0), 0));
  if (read === 0) return '';
  const { dataset: texts } = document.getElementById('live');
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const told = texts.read.replace('{count}', number(read));
  return speed > 0 ? `${told} · ${texts.speed.replace('{count}', number(speed))}` : told;
}

document.addEventListener('patched', listen);
document.addEventListener('visibilitychange', listen);
listen();
