import { defineSandbox } from 'patchbay';

export default defineSandbox({ hosts: ['api.acme.example'], app: { clientId: 'x' }, create: () => undefined as never });
