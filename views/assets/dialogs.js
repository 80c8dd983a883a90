// A link with `data-dialog` leads to a page that asks something. Where this runs, it is asked in a dialog.

document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-dialog]');
  const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented) return;
  event.preventDefault();
  try {
    const reply = await fetch(link.href, { headers: { accept: 'text/html', 'x-live': '1' }, redirect: 'error' });
    if (!reply.ok) throw new Error(String(reply.status));
    ask(new DOMParser().parseFromString(await reply.text(), 'text/html'), link);
  } catch {
    // The page says what is the matter.
    location.assign(link.href);
  }
});

function ask(page, link) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  dialog.setAttribute('closedby', 'any');
  const title = document.createElement('h2');
  title.id = 'dialog-title';
  // Read from its beginning: the browser would go to the first input, past what will be lost.
  title.tabIndex = -1;
  title.autofocus = true;
  title.textContent = page.querySelector('main h1').textContent;
  dialog.append(title, ...page.querySelector('main section.panel').childNodes);
  dialog.addEventListener('click', (event) => {
    const leaves = event.target.closest('a[href]');
    if (!leaves || leaves.pathname !== link.pathname.replace(/\/[^/]+$/, '')) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
