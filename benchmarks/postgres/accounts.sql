-- The accounts of `skald bench transfer`, opened anew, and the transfers between them.
-- Takes the psql variables accounts and opening_balance.
SET client_min_messages = warning;
DROP TABLE IF EXISTS accounts, transfers, outbox, handled;

-- Pages are left half empty, so that an update finds room beside the old row and touches no index.
CREATE TABLE accounts (
  id text COLLATE "C" PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0), -- minor units, spendable
  pending bigint NOT NULL DEFAULT 0             -- deposited by unfinished transfers, not spendable
) WITH (fillfactor = 50);

CREATE TABLE transfers (
  id text COLLATE "C" PRIMARY KEY,
  payer text COLLATE "C" NOT NULL,
  receiver text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL
) WITH (fillfactor = 80);

INSERT INTO accounts (id, balance)
SELECT number::text, :opening_balance FROM generate_series(1, :accounts) AS number;
