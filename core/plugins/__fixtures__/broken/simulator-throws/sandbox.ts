import { defineSandbox } from 'patchbay';

const none: string[] = [];
const [host] = none;

export default defineSandbox({ hosts: [(host as string).trim()], app: {}, create: () => undefined as never });
