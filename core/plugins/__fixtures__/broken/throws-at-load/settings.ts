interface Settings {
  readonly name: string;
}

function read(): Settings {
  throw new Error('no settings here');
}

export const settings = read();
