import type { ErrorCode } from '../../sdk/errors.ts';
import { STATUS, TITLES } from '../http/errors.ts';
import type { ApiRoute } from './route.ts';
import { listOf, object, type Schema, text } from './schema.ts';

/** RFC 9457, as `Problem` of errors.ts. */
export const PROBLEM: Schema = object(
  {
    type: { ...text, const: 'about:blank' },
    title: text,
    status: { type: 'integer' },
    detail: { ...text, description: 'What failed and what to do, for people.' },
    code: { ...text, enum: Object.keys(STATUS), description: 'What failed, for programs.' },
    id: { ...text, description: 'Of the request; leads to the log.' },
    errors: {
      ...listOf(
        object({ pointer: { ...text, description: 'JSON pointer into the body; `/query/…` into the query.' }, message: text }),
      ),
      description: 'The fields at fault.',
    },
  },
  ['errors'],
);

type Coded = readonly [status: number, code: ErrorCode];

/** What a call may answer beside what it is for, by status; whatever else goes wrong looks alike. */
export function problemResponses(route: ApiRoute): Record<string, unknown> {
  const byStatus = Map.groupBy(codesOf(route), ([status]) => status);
  const told = [...byStatus].map(([status, coded]) => [status, response(status, [...new Set(coded.map(([, code]) => code))])]);
  const whatever = { description: 'Whatever else went wrong.', content: { [TYPE]: { schema: REF } } };
  return { ...Object.fromEntries(told), default: whatever };
}

const TYPE = 'application/problem+json';
const REF = { $ref: '#/components/schemas/Problem' };

function codesOf({ who, on, once, tagged, place, problems = [] }: ApiRoute): Coded[] {
  const changes = !on.startsWith('GET ');
  return [
    [400, 'VALIDATION_FAILED'],
    ...(who === 'anyone' ? [] : ([[401, 'INVALID_CREDENTIALS']] as Coded[])),
    ...(who === 'anyone' && !place ? [] : ([[403, 'FORBIDDEN']] as Coded[])),
    ...(on.includes(':') || place || who === 'password' ? ([[404, 'NOT_FOUND']] as Coded[]) : []),
    ...(place ? ([[409, 'CONFLICT']] as Coded[]) : []),
    ...(tagged && changes ? ([[412, 'CONFLICT']] as Coded[]) : []),
    ...(once
      ? ([
          [409, 'CONFLICT'],
          [422, 'CONFLICT'],
        ] as Coded[])
      : []),
    [429, 'RATE_LIMIT_EXCEEDED'],
    ...problems.map((code): Coded => [STATUS[code], code]),
  ];
}

function response(status: number, codes: readonly ErrorCode[]): object {
  const retry = status === 429 || status === 503;
  return {
    description: `${TITLES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(retry && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
    },
    content: { [TYPE]: { schema: { allOf: [REF, { properties: { code: { enum: codes } } }] } } },
  };
}
