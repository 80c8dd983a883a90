/** `description` continues "… is missing;" in a message to the author: what to write there. */
export type Schema = Readonly<Record<string, unknown>>;

export const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  pattern: '\\S',
  ...more,
  description,
});
export const https = (description: string): Schema => ({ type: 'string', pattern: '^https://[^\\s/]+\\.[^\\s/]+', description });
export const texts = (description: string): Schema => ({
  type: 'object',
  additionalProperties: { type: 'string', description },
  description,
});
export const closed = (properties: Record<string, Schema>, required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
export const flag = (description: string): Schema => ({
  const: true,
  description: `${description}; set it to true or leave it out`,
});
