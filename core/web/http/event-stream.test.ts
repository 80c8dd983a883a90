import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import request from 'supertest';
import { until } from '../../../tests/support/wait.ts';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { isStillAllowed } from '../api/still-allowed.ts';
import type { Web } from '../services.ts';
import { EventStream } from './event-stream.ts';

describe('an answer that goes on', () => {
  const express = (res: unknown) =>
    Object.assign(res as Response, {
      status: () => res,
      set: (headers: Record<string, string>) => (res as Response).setHeaders(new Map(Object.entries(headers))),
    });

  it('knows of a caller who went before anybody listened', async () => {
    let gone = 0;
    const server = createServer(async (_req, res) => {
      await once(res, 'close');
      const stream = new EventStream(express(res), { mayGoOn: async () => true });
      stream.onGone(() => {
        gone += 1;
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const caller = connect((server.address() as AddressInfo).port, '127.0.0.1');
    caller.write('GET / HTTP/1.1\r\nhost: hub\r\n\r\n');
    await once(server, 'request');
    caller.destroy();
    await until(() => gone === 1, { what: 'the caller to be missed' });
    server.close();
  });

  it('ends for who may no longer listen', async () => {
    let may = true;
    const server = createServer((_req, res) => {
      new EventStream(express(res), { mayGoOn: async () => may, beatMs: 20 });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    may = false;
    expect(await reply.text()).toMatch(/^retry: 2000\n\n/);
    server.close();
  });
});

describe('who listens', () => {
  let room: WebRoom;
  beforeAll(async () => {
    room = await webRoom();
  });
  afterAll(() => room?.close());

  const allowed = async (req: object) => {
    const [store] = await room.services.stores.list({ userId: '', operator: true });
    return isStillAllowed({ web: room.services as Web, req: { path: '/api/x', ...req } as Request, store: store as never });
  };

  it('by a key may do so until it is revoked', async () => {
    await room.person('owner@example.com', { north: 'owner' });
    const key = await room.key('owner@example.com', 'north');
    const req = { headers: { authorization: `Bearer ${key}` } };
    expect(await allowed(req)).toBe(true);
    const auth = { authorization: `Bearer ${key}` };
    const [{ id }] = (await request(room.app).get('/api/api-keys').set(auth)).body.apiKeys;
    await request(room.app).delete(`/api/api-keys/${id}`).set(auth).expect(204);
    expect(await allowed(req)).toBe(false);
  });

  it('by a session may do so until it ends, or the person belongs to another store', async () => {
    const userId = await room.person('staff@example.com', { north: 'staff' });
    const { stamp } = (await room.services.accounts.find(userId)) ?? {};
    const kept = { userId };
    const of = (session: object | null, error?: Error) => ({
      ...{ headers: {}, sessionID: 's', session: { userId, stamp } },
      sessionStore: { get: (_: string, done: (error: unknown, session: unknown) => void) => done(error, session) },
    });
    expect(await allowed(of(kept))).toBe(true);
    expect(await allowed(of(null))).toBe(false);
    expect(await allowed({ ...of(kept), session: { userId, stamp: 'of the password before' } })).toBe(false);
    expect(await allowed(of(null, new Error('the database is away')))).toBe(true);
    await room.services.dataSource.query('delete from memberships where user_id = $1', [userId]);
    expect(await allowed(of(kept))).toBe(false);
  });
});
