import type { Page } from 'patchbay';

// Some lines above what throws, so that a line number says something.
interface Named {
  readonly name: string;
}

export async function* things(): AsyncGenerator<Page, void> {
  const missing = undefined as unknown as Named;
  yield { items: [{ id: '1', data: { name: missing.name } }], checkpoint: { page: 1 } };
}
