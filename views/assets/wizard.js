// Forms that are checked as they are filled in, and what was typed into them kept in this tab; the server does its work without.

const live = document.getElementById('live');

for (const form of document.querySelectorAll('form[data-check]')) {
  watch(form);
  keep(form);
  unfold(form);
}
for (const form of document.querySelectorAll('form[data-again]')) askAgain(form);
for (const form of document.querySelectorAll('form:has([data-slow])')) {
  form.addEventListener('submit', () => setTimeout(() => form.querySelector('[data-slow]')?.removeAttribute('hidden'), 4000));
}
document.querySelector('[data-summary]')?.focus();

/** What somebody is led to is seen, also where it was folded away: by a link, or because it cannot be sent as it is. */
function unfold(form) {
  const led = () => {
    const target = form.querySelector(':target');
    if (target && reveal(target)) target.scrollIntoView();
  };
  led();
  addEventListener('hashchange', led);
  // The browser goes to what is wrong once everybody has heard of it.
  form.addEventListener('invalid', ({ target }) => reveal(target), true);
  form.addEventListener('change', ({ target }) => {
    const says = target.closest('.setting')?.querySelector('.setting-says');
    if (says) says.textContent = form.dataset.unsaved;
  });
}

/** Whether it was folded away. */
function reveal(input) {
  const setting = input.closest('.setting:not([open])');
  if (setting) setting.open = true;
  return setting !== null;
}

/** Asks the server about the form when a field of it is left with another value. */
function watch(form) {
  let asked = 0;
  form.addEventListener('change', async ({ target }) => {
    asked += 1;
    const turn = asked;
    const faults = await faultsOf(form);
    if (!faults || turn !== asked) return;
    const place = placeOf(target);
    for (const one of new Set([...form.querySelectorAll('.wrong'), place])) if (one) tell(one, faults, one === place);
  });
}

async function faultsOf(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    const reply = await fetch(form.dataset.check, {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
      redirect: 'error',
    });
    return reply.ok ? (await reply.json()).faults : undefined;
  } catch {
    // It is checked again when it is sent.
    return undefined;
  }
}

/** The smallest part of the form that has an error of its own. */
function placeOf(input) {
  return input.closest('.lines td, .pair, .field');
}

function tell(place, faults, isNew) {
  const input = place.matches('fieldset') ? place : (place.querySelector('input:not([type=hidden]), select, textarea') ?? place);
  const fault = faults.find(({ id }) => id === input.id);
  let error = document.getElementById(`${input.id}-error`);
  if (!fault) {
    error?.remove();
    place.classList.remove('wrong');
    input.removeAttribute('aria-invalid');
    return describe(input, false);
  }
  if (!error) {
    error = document.createElement('p');
    error.id = `${input.id}-error`;
    error.className = 'error';
    (input === place ? place : input.parentElement).append(error);
  }
  const icon = place.closest('form').querySelector('[data-fault-icon]')?.content.cloneNode(true);
  error.replaceChildren(...(icon ? [icon, ' '] : []), fault.message);
  place.classList.add('wrong');
  reveal(place);
  if (input !== place) input.setAttribute('aria-invalid', 'true');
  describe(input, true);
  if (isNew && live) live.textContent = fault.message;
}

function describe(input, isWrong) {
  const own = `${input.id}-error`;
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== own);
  if (isWrong) ids.push(own);
  if (ids.length > 0) input.setAttribute('aria-describedby', ids.join(' '));
  else input.removeAttribute('aria-describedby');
}

/** What was typed comes back to who left the page or was signed out; secrets are never kept. */
function keep(form) {
  const { draft: owner } = form.dataset;
  if (!owner) return;
  const key = `draft ${form.getAttribute('action')}`;
  const save = (sent) => sessionStorage.setItem(key, JSON.stringify({ owner, sent, values: valuesOf(form) }));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
  const signedInAgain = document.referrer.startsWith(`${location.origin}/login`);
  if ('tried' in form.dataset) save(false);
  else if (kept?.owner === owner && (!kept.sent || signedInAgain)) fill(form, kept.values);
  else sessionStorage.removeItem(key);
  form.addEventListener('input', () => save(false));
  // What only asks does not save.
  form.addEventListener('submit', ({ submitter }) => save(!submitter?.hasAttribute('formaction')));
}

function inputsOf(form) {
  return [...form.elements].filter(({ name, type }) => name && !['hidden', 'password', 'submit', 'button'].includes(type));
}

function valuesOf(form) {
  return inputsOf(form).map((input) => [input.id, isTick(input) ? input.checked : input.value]);
}

function fill(form, values) {
  let changed = false;
  for (const [id, value] of values) {
    const input = document.getElementById(id);
    if (!input || input.form !== form) continue;
    const property = isTick(input) ? 'checked' : 'value';
    if (input[property] === value) continue;
    input[property] = value;
    if (input[property] !== value) continue;
    changed = true;
    reveal(input);
  }
  if (changed) form.querySelector('[data-typed-again]')?.removeAttribute('hidden');
}

function isTick({ type }) {
  return type === 'checkbox' || type === 'radio';
}

/** Choices that were still being asked for when the page was shown take their place once they are there. */
async function askAgain(form) {
  if (!form.querySelector('[data-pending]')) return;
  try {
    const body = new URLSearchParams(new FormData(form));
    const reply = await fetch(form.dataset.again, { method: 'POST', body, redirect: 'error' });
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    for (const waiting of form.querySelectorAll('.field:has([data-pending])')) {
      const id = waiting.querySelector('[data-pending]').id;
      const input = page.getElementById(id.replace(/-trouble$/, ''));
      const fresh = input?.closest('.field');
      if (!fresh || waiting.contains(document.activeElement)) continue;
      const says = fresh.closest('.setting')?.querySelector('.setting-says');
      if (says) waiting.closest('.setting')?.querySelector('.setting-says')?.replaceWith(says);
      waiting.replaceWith(fresh);
    }
  } catch {
    // The button beside it does the same.
  }
}
