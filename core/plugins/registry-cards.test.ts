import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, RegistryRoom } from '../../tests/support/registry-room.ts';

let room: RegistryRoom;

beforeAll(async () => {
  room = await RegistryRoom.open();
});
afterAll(() => room?.close());
beforeEach(() => room.fresh());

describe("an operator's changes", () => {
  it('to texts and to the switch survive every load', async () => {
    await room.loaded();
    await room.db.dataSource.query(
      `update integration_templates set overrides = '{"name":"Our CRM","summary":"Ours.","category":"Payments"}', active = false
        where plugin_id = 'acme'`,
    );
    await room.edit('acme/manifest.ts', "name: 'Acme'", "name: 'Acme Two'");
    const registry = await room.loaded();
    expect(registry.template('acme')).toMatchObject({ name: 'Our CRM', summary: 'Ours.', category: 'Payments', active: false });
    expect(registry.template('plain-js')).toMatchObject({ name: 'Plain', active: true });
  });

  it('may add a coming-soon card without a folder', async () => {
    const manifest = {
      sdk: 1,
      name: 'Later',
      summary: 'Some day.',
      category: 'CRM',
      docs: 'https://x.example',
      comingSoon: true,
    };
    await room.db.dataSource.query(
      `insert into integration_templates (plugin_id, manifest, state) values ('later', $1, 'coming-soon')`,
      [JSON.stringify(manifest)],
    );
    const registry = await room.loaded();
    expect(registry.template('later')).toMatchObject({ state: 'coming-soon', name: 'Later', error: undefined });
    expect(codeOf(() => registry.require('later'))).toBe('PLUGIN_UNAVAILABLE');
  });
});

it('shows what an operator writes over a card while a drop of many folders is still being taken in', async () => {
  const registry = await room.loaded();
  const save = room.store.save.bind(room.store);
  const { promise: waiting, resolve: taken } = Promise.withResolvers<void>();
  room.store.save = async (seen) => {
    await waiting;
    await save(seen);
  };
  try {
    await room.edit('acme/manifest.ts', "name: 'Acme'", "name: 'Acme Two'");
    const drop = registry.load();
    await room.db.dataSource.query(`update integration_templates set overrides = '{"name":"Ours"}' where plugin_id = 'acme'`);
    await registry.refresh();
    expect(registry.template('acme')?.name).toBe('Ours');
    taken();
    await drop;
    expect(registry.template('acme')?.name).toBe('Ours');
  } finally {
    taken();
    room.store.save = save;
  }
});
