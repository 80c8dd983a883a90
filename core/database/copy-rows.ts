import type { ClientBase, Connection, Pool, PoolClient, Submittable } from 'pg';
import type { DataSource } from 'typeorm';

/** A connection as pg has it, with the stream it writes to. */
type Wire = Connection & { readonly stream: { write(bytes: Buffer): boolean } };

/** One message of a {@link CopyMessage}, and what the server says to it. Named as pg calls them. */
class CopyQuery implements Submittable {
  readonly #bytes: Buffer;
  readonly query_timeout: number;
  readonly rows: string[][] = [];
  callback: (error?: Error) => void;

  constructor(bytes: Buffer, timeoutMs: number, done: (error?: Error) => void) {
    this.#bytes = bytes;
    this.query_timeout = timeoutMs;
    this.callback = done;
  }

  submit(connection: Connection): void {
    (connection as Wire).stream.write(this.#bytes);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleDataRow({ fields }: { readonly fields: string[] }): void {
    this.rows.push(fields);
  }

  /** The rows are under way already. */
  handleCopyInResponse(): void {}
  handleRowDescription(): void {}
  handleCommandComplete(): void {}
}

/**
 * Sends the bytes of a `CopyMessage` on a connection of the pool of `dataSource` and resolves once they are committed.
 * @returns the rows, as texts, of statements behind the COPYs that have any
 * @throws what the database says; after `timeoutMs` as if it were away. Nothing is committed then, as far as is known
 */
export async function copyRows(dataSource: DataSource, bytes: Buffer, timeoutMs: number): Promise<readonly string[][]> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const client: PoolClient = await master.connect();
  // A connection that breaks says so twice, to the query and to whoever has it in hand; unheard, the second ends the process.
  client.on('error', unheeded);
  try {
    const rows = await new Promise<readonly string[][]>((done, failed) => {
      const query = new CopyQuery(bytes, timeoutMs, (error) => (error ? failed(error) : done(query.rows)));
      (client as ClientBase).query(query);
    });
    giveBack(client);
    return rows;
  } catch (error) {
    // What the database has refused leaves a connection that works; any other failure does not.
    giveBack(client, !isAnswer(error));
    throw error;
  }
}

function unheeded(): void {}

function giveBack(client: PoolClient, broken = false): void {
  client.off('error', unheeded);
  client.release(broken);
}

function isAnswer(error: unknown): boolean {
  return (error as { severity?: unknown }).severity === 'ERROR';
}
