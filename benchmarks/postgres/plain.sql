-- A transfer as one function call, one transaction. Called again with the same id it changes nothing
-- and gives the first answer.
CREATE OR REPLACE FUNCTION transfer(transfer_id text, payer_id text, receiver_id text, cents bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text := 'completed';
BEGIN
  INSERT INTO transfers VALUES (transfer_id, payer_id, receiver_id, cents, result)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN (SELECT state FROM transfers WHERE id = transfer_id);
  END IF;

  -- Whoever needs two accounts locks the smaller id first: no deadlocks.
  IF payer_id < receiver_id COLLATE "C" THEN
    UPDATE accounts SET balance = balance - cents WHERE id = payer_id AND balance >= cents;
    IF FOUND THEN
      UPDATE accounts SET balance = balance + cents WHERE id = receiver_id;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no account %', receiver_id;
      END IF;
    ELSE
      result := 'failed';
    END IF;
  ELSE
    UPDATE accounts SET balance = balance + cents WHERE id = receiver_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'there is no account %', receiver_id;
    END IF;
    UPDATE accounts SET balance = balance - cents WHERE id = payer_id AND balance >= cents;
    IF NOT FOUND THEN
      UPDATE accounts SET balance = balance - cents WHERE id = receiver_id;
      result := 'failed';
    END IF;
  END IF;

  IF result = 'failed' THEN
    UPDATE transfers SET state = result WHERE id = transfer_id;
  END IF;
  RETURN result;
END $$;
