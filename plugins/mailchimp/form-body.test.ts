import { describe, expect, it } from '@jest/globals';
import { parseForm, plain } from './form-body.ts';

const read = (body: string) => {
  const nested = parseForm(Buffer.from(body));
  return nested && plain(nested);
};

describe('a form body with bracket names', () => {
  it.each([
    ['a name that is a text and holds others', 'data=1&data[id]=2'],
    ['the same the other way round', 'data[id]=2&data=1'],
    ['brackets that do not close', 'data[id=1'],
    ['a name that begins with a bracket', '[id]=1'],
    ['text behind a bracket', 'data[id]x=1'],
    ['names deeper than anybody sends', `a${'[b]'.repeat(9)}=1`],
    ['more fields than anybody sends', Array.from({ length: 2001 }, (_, i) => `a${i}=1`).join('&')],
  ])('is none with %s', (_, body) => {
    expect(read(body)).toBeUndefined();
  });

  it('keeps its nesting', () => {
    expect(read('type=profile&data[merges][FNAME]=Ada&data[merges][ADDRESS][addr1]=1+Main+St&data[email]=a%40b.example')).toEqual(
      {
        type: 'profile',
        data: { merges: { FNAME: 'Ada', ADDRESS: { addr1: '1 Main St' } }, email: 'a@b.example' },
      },
    );
  });

  it('numbers what has no name of its own', () => {
    expect(read('tags[]=a&tags[]=b')).toEqual({ tags: { 0: 'a', 1: 'b' } });
  });

  it('reads letters of every language', () => {
    expect(read(new URLSearchParams({ 'data[merges][FNAME]': 'Łucja 美' }).toString())).toEqual({
      data: { merges: { FNAME: 'Łucja 美' } },
    });
  });

  it('changes nothing but itself by a name like __proto__', () => {
    expect(parseForm(Buffer.from('__proto__[polluted]=1&data[constructor][prototype][polluted]=1'))).toBeDefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
