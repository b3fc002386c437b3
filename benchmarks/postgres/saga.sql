-- A transfer as a saga of four transactions, each of which takes its effect once. A message that
-- waits in the outbox names the transfer and the step that is due; whoever handles it makes the next
-- one in the same transaction, so that a process that polls the outbox can go on after a crash.
CREATE TABLE outbox (
  transfer text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  PRIMARY KEY (transfer, step)
);

-- The messages that a participant has handled.
CREATE TABLE handled (
  transfer text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  PRIMARY KEY (transfer, step)
);

-- 1: the transfer itself; its key tells a repetition.
CREATE OR REPLACE FUNCTION create_transfer(
  transfer_id text, payer_id text, receiver_id text, cents bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO transfers VALUES (transfer_id, payer_id, receiver_id, cents, 'created')
  ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN
    INSERT INTO outbox VALUES (transfer_id, 'deposit');
  END IF;
END $$;

-- 2: the receiver has the money, pending.
CREATE OR REPLACE FUNCTION deposit(transfer_id text, receiver_id text, cents bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO handled VALUES (transfer_id, 'deposit') ON CONFLICT DO NOTHING;
  IF FOUND THEN
    UPDATE accounts SET pending = pending + cents WHERE id = receiver_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'there is no account %', receiver_id;
    END IF;
    DELETE FROM outbox WHERE transfer = transfer_id AND step = 'deposit';
    INSERT INTO outbox VALUES (transfer_id, 'withdraw');
  END IF;
END $$;

-- 3: the payer has paid, or the transfer is going to be cancelled.
CREATE OR REPLACE FUNCTION withdraw(transfer_id text, payer_id text, cents bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO handled VALUES (transfer_id, 'withdraw') ON CONFLICT DO NOTHING;
  IF FOUND THEN
    UPDATE accounts SET balance = balance - cents WHERE id = payer_id AND balance >= cents;
    IF NOT FOUND THEN
      UPDATE transfers SET state = 'failing' WHERE id = transfer_id;
    END IF;
    DELETE FROM outbox WHERE transfer = transfer_id AND step = 'withdraw';
    INSERT INTO outbox VALUES (transfer_id, 'finish');
  END IF;
END $$;

-- 4: completed, and the pending money is the receiver's; or cancelled, and it is gone.
CREATE OR REPLACE FUNCTION finish(transfer_id text, receiver_id text, cents bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO handled VALUES (transfer_id, 'finish') ON CONFLICT DO NOTHING;
  IF FOUND THEN
    UPDATE transfers SET state = 'completed' WHERE id = transfer_id AND state = 'created';
    IF FOUND THEN
      UPDATE accounts SET pending = pending - cents, balance = balance + cents
      WHERE id = receiver_id;
    ELSE
      UPDATE transfers SET state = 'failed' WHERE id = transfer_id;
      UPDATE accounts SET pending = pending - cents WHERE id = receiver_id;
    END IF;
    DELETE FROM outbox WHERE transfer = transfer_id AND step = 'finish';
  END IF;
END $$;
