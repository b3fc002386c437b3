-- What must hold once no transfer is under way, as one JSON object. An account must stand where the
-- completed transfers have brought it.
SELECT json_build_object(
  'accounts', (SELECT count(*) FROM accounts),
  'sum', (SELECT sum(balance) FROM accounts),
  'pending', (SELECT sum(abs(pending)) FROM accounts),
  'transfers', (SELECT count(*) FROM transfers),
  'completed', (SELECT count(*) FROM transfers WHERE state = 'completed'),
  'wrong_balances', (
    SELECT count(*) FROM accounts LEFT JOIN (
      SELECT id, sum(amount) AS moved FROM (
        SELECT receiver AS id, amount FROM transfers WHERE state = 'completed'
        UNION ALL
        SELECT payer, -amount FROM transfers WHERE state = 'completed') AS movements
      GROUP BY id) AS movements USING (id)
    WHERE balance <> :opening_balance + coalesce(moved, 0)));
