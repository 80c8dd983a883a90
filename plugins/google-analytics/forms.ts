import type { Form } from 'patchbay';

export const MEASUREMENT_ID = '^G-[A-Z0-9]{6,12}$';
export const API_SECRET = '^[A-Za-z0-9_-]{16,40}$';

/** Keys for sending events. */
export const keyFields = {
  type: 'object',
  properties: {
    measurementId: {
      type: 'string',
      title: 'Measurement ID',
      description: 'Admin > Data streams > your website, at the top right.',
      pattern: MEASUREMENT_ID,
      'x-pattern-message': 'begins with "G-", followed by 6 to 12 capital letters and digits. Numbers alone are the property.',
      'x-placeholder': 'G-1A2BCD345E',
    },
    apiSecret: {
      type: 'string',
      title: 'API secret',
      description: 'On the same page: Measurement Protocol API secrets > Create. Copy the secret value.',
      pattern: API_SECRET,
      'x-pattern-message': 'is about 22 letters, digits, dashes and underscores; copy the secret value, not its name.',
      'x-secret': true,
    },
  },
  required: ['measurementId', 'apiSecret'],
} as const satisfies Form;

export const appForm = {
  type: 'object',
  properties: {
    clientId: {
      type: 'string',
      title: 'Client ID',
      description: 'Google Cloud console > Google Auth Platform > Clients > your web application.',
      minLength: 1,
    },
    clientSecret: {
      type: 'string',
      title: 'Client secret',
      description: 'On the same page; it begins with GOCSPX-.',
      minLength: 1,
      'x-secret': true,
    },
  },
  required: ['clientId', 'clientSecret'],
} as const satisfies Form;
