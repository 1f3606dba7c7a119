// Sealing from a private PostgreSQL 15.
import { defineSealerTests } from '#test/repository/sealer-suite.ts';
import { withPostgres } from '#test/repository/with-postgres.ts';

defineSealerTests(withPostgres());
