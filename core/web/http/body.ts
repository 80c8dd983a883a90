import { type ValidationError, validate } from 'class-validator';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { pointerTo } from '../../plugins/form-messages.ts';
import { type FieldFault, Rejected } from '../../sdk/errors.ts';
import { wrongContentType } from './errors.ts';
import { checkBody } from './input-check.ts';

const JSON_LIMIT = '1mb';
const FORM_LIMIT = '256kb';
/** A table has as many as it has cells. */
const FORM_FIELDS = 5000;

const json = express.json({ limit: JSON_LIMIT, type: () => true });
const form = express.urlencoded({ limit: FORM_LIMIT, extended: false, parameterLimit: FORM_FIELDS });

/** Reads JSON whatever it is called, as {@link checkApiType} has let it pass. */
export const readJson: RequestHandler = (req, res, next) => json(req, res, checked(req, next));

/** Reads the forms of pages and, for scripts that use a page's address, JSON. No body at all is a form without fields. */
export const readForm: RequestHandler = (req, res, next) => {
  if (!hasBody(req)) {
    req.body = {};
    next();
  } else if (req.is('application/json')) json(req, res, checked(req, next));
  else if (req.is('application/x-www-form-urlencoded')) form(req, res, checked(req, next));
  else next(wrongContentType('Send the form as application/x-www-form-urlencoded or application/json.'));
};

/**
 * JSON only. `curl -d` says it sends a form: that is let pass where a key or password came along, which no form of another
 * site can do; what it holds must be JSON all the same.
 */
export const checkApiType: RequestHandler = (req, _res, next) => {
  const curl = req.headers.authorization !== undefined && req.is('application/x-www-form-urlencoded');
  if (!hasBody(req) || req.is(['application/json', '+json']) || curl) return next();
  next(wrongContentType('Send the body as application/json.'));
};

/** Goes on with a body that was read once its texts are such as can be kept. */
function checked(req: Request, next: NextFunction): NextFunction {
  return (error?: unknown) => {
    if (error) return void next(error);
    // The parsers call this from a stream's callback, where a throw would end the process.
    try {
      checkBody(req.body);
    } catch (refusal) {
      return void next(refusal);
    }
    next();
  };
}

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** A body whose fields a plugin's form checks. */
export function objectOf(req: Request): Record<string, unknown> {
  const body: unknown = req.body ?? {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Rejected('Send a JSON object.', { fields: [{ pointer: '', message: 'Expected an object.' }] });
}

/**
 * The body as a checked instance of `Dto`: unknown fields refused, nothing converted, no body at all read as `{}`.
 * @throws Rejected with a JSON pointer for each field at fault
 */
export async function bodyOf<T extends object>(Dto: new () => T, req: Request): Promise<T> {
  const body = objectOf(req);
  // The library's own check takes what every object inherits (`constructor`, `__proto__`) for known fields.
  const inherited = Object.keys(body).filter((name) => name in Object.prototype);
  if (inherited.length > 0) throw rejected(inherited.map((name) => ({ pointer: `/${name}`, message: unknownField(name) })));
  const dto = Object.assign(new Dto(), body);
  const faults = await validate(dto, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (faults.length > 0) throw refused(faults);
  return dto;
}

function refused(faults: readonly ValidationError[]): Rejected {
  const fields = faults.flatMap((fault): FieldFault[] => {
    const pointer = pointerTo('', fault.property);
    return Object.entries(fault.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      message: sentence(fault.property, rule, message),
    }));
  });
  return rejected(fields);
}

function rejected(fields: readonly FieldFault[]): Rejected {
  const told = fields.slice(0, 3).map(({ message }) => message);
  return new Rejected(told.join(' '), { fields });
}

function unknownField(name: string): string {
  return `"${name}" is not known here; remove it.`;
}

function sentence(property: string, rule: string, message: string): string {
  if (rule === 'whitelistValidation') return unknownField(property);
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}
