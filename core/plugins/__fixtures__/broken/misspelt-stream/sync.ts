import type { Page } from 'patchbay';

export async function* things(): AsyncGenerator<Page, void> {}
