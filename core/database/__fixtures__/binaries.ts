// Says where the PostgreSQL of a package folder can be executed by the user this runs as.
import { postgresBinaries } from '../postgres-binaries.ts';

process.stdout.write(postgresBinaries(undefined, process.argv[2]).bin);
